using System.CommandLine;
using System.Text.Json.Nodes;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Cli;

/// <summary><c>address</c>: the wallet's address, read without the network; a new wallet on request.</summary>
internal static class AddressCommand
{
    public static Command Create()
    {
        var answer = new CommandOutput();
        var create = new Option<bool>("--create") { Description = "make a new key file (mode 0600) when there is none" };
        var command = new Command("address", "print the wallet's address") { create };
        command.AddSettings(SettingGroup.Wallet);
        answer.AddTo(command);
        command.SetAction((parse, cancel) => NodeCommand.GuardAsync(() =>
        {
            string path = parse.ReadSettings().KeyFile;
            if (parse.GetValue(create) && !File.Exists(path))
            {
                using Account made = KeyFile.Create(path);
                Terminal.WriteError(
                    $"A new key was made: {path}. Keep a copy in a safe place: whoever has it has the wallet, and nobody can restore it.");
            }
            string address = KeyFile.ReadAddress(path).Key;
            // The bare address as text, so that a shell can take it as it is.
            if (answer.IsJson(parse)) answer.Write(parse, new JsonObject { ["address"] = address });
            else Terminal.WriteLine(address);
            return Task.FromResult(ExitCodes.Success);
        }, cancel));
        return command;
    }
}
