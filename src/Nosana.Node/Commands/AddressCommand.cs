using System.CommandLine;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Commands;

/// <summary><c>address</c>: the wallet's address, read without touching the private half or the network.</summary>
internal static class AddressCommand
{
    public static Command Create()
    {
        var key = new KeyOptions();
        var command = new Command("address", "print the wallet's address");
        key.AddTo(command);
        command.SetAction((parse, cancel) => NodeCommand.GuardAsync(() =>
        {
            System.Console.Out.WriteLine(KeyFile.ReadAddress(key.PathOf(parse)).Key);
            return Task.FromResult(ExitCodes.Success);
        }, cancel));
        return command;
    }
}
