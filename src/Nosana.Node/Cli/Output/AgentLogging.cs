using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting;
using Serilog.Formatting.Compact;

namespace Nosana.Node.Cli.Output;

/// <summary>The agent's log: console only. The journal, or whoever runs the process, keeps it.</summary>
internal static class AgentLogging
{
    /// <param name="toStandardError">For commands whose standard output is their answer.</param>
    public static ILoggerFactory Create(LogFormat format, bool verbose, bool toStandardError)
    {
        if (format == LogFormat.Auto) format = UnderSystemd ? LogFormat.Journald : LogFormat.Text;
        bool redirected = toStandardError ? System.Console.IsErrorRedirected : System.Console.IsOutputRedirected;
        bool colours = format == LogFormat.Text && !redirected && Environment.GetEnvironmentVariable("NO_COLOR") is null;
        ITextFormatter formatter = format == LogFormat.Json ? new RenderedCompactJsonFormatter() : new LogLineFormatter(format, colours);
        LoggerConfiguration configuration = new LoggerConfiguration()
            .MinimumLevel.Is(verbose ? LogEventLevel.Debug : LogEventLevel.Information)
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("Yarp", verbose ? LogEventLevel.Information : LogEventLevel.Warning)
            .Enrich.FromLogContext()
            .WriteTo.Console(formatter, standardErrorFromLevel: toStandardError ? LogEventLevel.Verbose : null);
        return new SerilogLoggerFactory(configuration.CreateLogger(), dispose: true);
    }

    // systemd sets JOURNAL_STREAM for services whose output goes to the journal (systemd.exec(5)).
    private static bool UnderSystemd => Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 };
}
