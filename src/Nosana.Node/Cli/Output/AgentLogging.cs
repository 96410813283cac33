using Nosana.Node.Hosting.Settings;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting;

namespace Nosana.Node.Cli.Output;

/// <summary>The agent's log: console only. The journal, or whoever runs the process, keeps it.</summary>
internal static class AgentLogging
{
    public static ILoggerFactory Create(LogChoice log, bool toStandardError) =>
        Create(Enum.Parse<LogFormat>(log.LogFormat, ignoreCase: true), log.Verbose, toStandardError);

    /// <param name="toStandardError">For commands whose standard output is their answer.</param>
    public static ILoggerFactory Create(LogFormat format, bool verbose, bool toStandardError)
    {
        if (format == LogFormat.Auto) format = ProcessEnvironment.WritesToTheJournal ? LogFormat.Journald : LogFormat.Text;
        bool redirected = toStandardError ? System.Console.IsErrorRedirected : System.Console.IsOutputRedirected;
        bool colours = format == LogFormat.Text && !redirected && !ProcessEnvironment.WantsNoColours;
        ITextFormatter formatter = format == LogFormat.Json ? new LogJsonFormatter() : new LogLineFormatter(format, colours);
        LoggerConfiguration configuration = new LoggerConfiguration()
            .MinimumLevel.Is(verbose ? LogEventLevel.Debug : LogEventLevel.Information)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            // A start that is refused is told as a sentence by whoever started it, not as a stack.
            .MinimumLevel.Override("Microsoft.Extensions.Hosting.Internal.Host", LogEventLevel.Fatal)
            .MinimumLevel.Override("Yarp", verbose ? LogEventLevel.Information : LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .WriteTo.Console(formatter, standardErrorFromLevel: toStandardError ? LogEventLevel.Verbose : null);
        return new SerilogLoggerFactory(configuration.CreateLogger(), dispose: true);
    }
}
