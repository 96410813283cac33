using System.CommandLine;
using System.Text.Json.Nodes;
using Nosana.Node.Commands.Console;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Commands;

/// <summary><c>address</c>: the wallet's address, read without touching the private half or the network.</summary>
internal static class AddressCommand
{
    public static Command Create()
    {
        var key = new KeyOptions();
        var answer = new Answer();
        var command = new Command("address", "print the wallet's address");
        key.AddTo(command);
        answer.AddTo(command);
        command.SetAction((parse, cancel) => NodeCommand.GuardAsync(() =>
        {
            string address = KeyFile.ReadAddress(key.PathOf(parse)).Key;
            // The bare address as text, so that a shell can take it as it is.
            if (answer.IsJson(parse)) answer.Write(parse, new JsonObject { ["address"] = address });
            else System.Console.Out.WriteLine(address);
            return Task.FromResult(ExitCodes.Success);
        }, cancel));
        return command;
    }
}
