using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using Nosana.Node.Hosting;
using Nosana.Node.Journal;
using Nosana.Solana.Rpc;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Cli;

/// <summary>The verbs of <c>nosana-node</c>, and what every one of them does with an error: one sentence, no stack.</summary>
internal static class NodeCommand
{
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("The host agent of the Nosana network: turns a GPU machine into a host, runs job definitions, and brings an embedded network along.");
        root.Subcommands.Add(StartCommand.Create());
        root.Subcommands.Add(HealthCommand.Create());
        root.Subcommands.Add(RunCommand.Create());
        root.Subcommands.Add(ValidateCommand.Create());
        root.Subcommands.Add(LocalNetCommand.Create());
        root.Subcommands.Add(JobCommand.Create());
        root.Subcommands.Add(MarketCommand.Create());
        root.Subcommands.Add(AddressCommand.Create());
        root.Subcommands.Add(BalanceCommand.Create());
        using var interrupted = new CancellationTokenSource();
        void Interrupt(PosixSignalContext signal)
        {
            if (interrupted.IsCancellationRequested) return; // the second one ends the process at once
            signal.Cancel = true;
            interrupted.Cancel();
        }
        using PosixSignalRegistration onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using PosixSignalRegistration onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Interrupt);
        // The parser's own handling would end the process after a fixed time, whatever is still being stopped.
        ParseResult parsed = root.Parse(args);
        if (UnknownOption(parsed) is { } unknown) return Fail($"There is no option '{unknown}' here: --help after the verb lists those that there are.", ExitCodes.Refused);
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }, interrupted.Token);
    }

    /// <summary>Runs a verb's action and turns what it throws into an exit code and a sentence on standard error.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> action, CancellationToken cancel)
    {
        try
        {
            return await action();
        }
        catch (CommandException e)
        {
            return Fail(e.Message, e.ExitCode);
        }
        catch (Exception e) when (e is KeyFileException or JournalException)
        {
            return Fail(e.Message, ExitCodes.Refused);
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException or Chain.TransactionRefusedException or Chain.TransactionExpiredException or Ipfs.Http.IpfsException or Engine.EngineException)
        {
            return Fail(e.Message, ExitCodes.Failed);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return ExitCodes.Stopped;
        }
    }

    /// <summary>The parser takes an option that it does not know for a file or an address, and then complains of the ones that follow.</summary>
    private static string? UnknownOption(ParseResult parsed) => parsed.Tokens
        .TakeWhile(token => token.Type != TokenType.DoubleDash)
        .FirstOrDefault(token => token.Type == TokenType.Argument && token.Value.StartsWith("--", StringComparison.Ordinal))?.Value;

    private static int Fail(string message, int exitCode)
    {
        System.Console.Error.WriteLine($"nosana-node: {message}");
        return exitCode;
    }
}
