using System.CommandLine;
using Nosana.Node.Cli.Options;
using Nosana.Node.Cli.Output;
using Nosana.Node.Hosting;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Journal;
using Nosana.Solana.Rpc;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Cli;

/// <summary>The verbs of <c>nosana-node</c>, and what every one of them does with an error: one sentence, no stack.</summary>
internal static class NodeCommand
{
    /// <summary>Every verb.</summary>
    /// <param name="signals">For verbs that take some for something else than an interruption.</param>
    public static RootCommand Create(Signals? signals = null)
    {
        var root = new RootCommand(
            "The host agent of the Nosana network: turns a GPU machine into a host, runs job definitions, and brings an embedded network along.");
        root.Subcommands.Add(StartCommand.Create(signals));
        root.Subcommands.Add(DrainCommand.Create());
        root.Subcommands.Add(ReloadCommand.Create());
        root.Subcommands.Add(EarningsCommand.Create());
        root.Subcommands.Add(HealthCommand.Create());
        root.Subcommands.Add(WatchdogCommand.Create());
        root.Subcommands.Add(RunCommand.Create());
        root.Subcommands.Add(ValidateCommand.Create());
        root.Subcommands.Add(LocalNetCommand.Create());
        root.Subcommands.Add(JobCommand.Create());
        root.Subcommands.Add(MarketCommand.Create());
        root.Subcommands.Add(AddressCommand.Create());
        root.Subcommands.Add(BalanceCommand.Create());
        root.Subcommands.Add(ConfigCommand.Create());
        root.Subcommands.Add(SshProcessCommand.Create());
        root.AddSettingsOfAll();
        return root;
    }

    public static async Task<int> RunAsync(string[] args)
    {
        using var signals = new Signals();
        return await RunAsync(Create(signals), args, signals);
    }

    /// <summary>Runs one command line to its exit code, whatever happens.</summary>
    /// <param name="signals">Interrupt it; null for none.</param>
    public static async Task<int> RunAsync(RootCommand root, string[] args, Signals? signals = null)
    {
        ParseResult parsed = root.Parse(args);
        if (ParserFault.Of(parsed) is { } fault) return Fail(fault, ExitCodes.Refused);
        StandardErrorLog.IsVerbose = parsed.GetValue<bool>(SettingsTable.Of("verbose").Flag!);
        // On a thread of its own nothing can be caught; the process would end by a signal and a stack.
        AppDomain.CurrentDomain.UnhandledException += EndWithASentence;
        try
        {
            // The parser's own handling would end the process after a fixed time, whatever is still being stopped.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, signals?.Interrupted ?? CancellationToken.None);
        }
        catch (Exception e)
        {
            return Unexpected(e);
        }
        finally
        {
            AppDomain.CurrentDomain.UnhandledException -= EndWithASentence;
        }
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
            return Fail(e.Lines, e.ExitCode);
        }
        catch (Exception e) when (e is KeyFileException or JournalException or Exposure.ExposureAddressException or Api.ApiAddressException)
        {
            return Fail(e.Message, ExitCodes.Refused);
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException or Chain.TransactionRefusedException or Chain.TransactionExpiredException
            or Ipfs.Http.IpfsException or Engine.EngineException or IOException or UnauthorizedAccessException)
        {
            return Fail(e.Message, ExitCodes.Failed);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return ExitCodes.Stopped;
        }
    }

    /// <summary>What nobody has foreseen is a fault of this program: a sentence, and the rest for those who ask.</summary>
    private static int Unexpected(Exception exception)
    {
        if (StandardErrorLog.IsVerbose) Terminal.WriteError(exception);
        string advice = StandardErrorLog.IsVerbose ? "" : " (run it with --verbose for the details)";
        return Fail($"This should not have happened: {exception.Message}{advice}", ExitCodes.Failed);
    }

    private static void EndWithASentence(object sender, UnhandledExceptionEventArgs unhandled) =>
        Environment.Exit(Unexpected((Exception)unhandled.ExceptionObject));

    private static int Fail(string message, int exitCode) => Fail([message], exitCode);

    private static int Fail(IReadOnlyList<string> lines, int exitCode)
    {
        Terminal.WriteError($"nosana-node: {lines[0]}");
        foreach (string line in lines.Skip(1)) Terminal.WriteError(line);
        return exitCode;
    }
}
