using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace Nosana.Node.Cli.Output;

/// <summary>
/// One line an event: time, level, text, then <c>job=… op=…</c> where the line belongs to one. Under systemd the journal
/// keeps the time itself and reads the priority from a <c>&lt;N&gt;</c> prefix (sd-daemon(3)), on every line of a multi-line event.
/// </summary>
internal sealed class LogLineFormatter(LogFormat format, bool colours) : ITextFormatter
{
    public const string JobProperty = "job";
    public const string OpProperty = "op";

    // "l": texts without quotation marks.
    private static readonly MessageTemplateTextFormatter Message = new("{Message:lj}", CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        var line = new StringWriter(CultureInfo.InvariantCulture);
        if (format == LogFormat.Text) line.Write(logEvent.Timestamp.ToLocalTime().ToString("HH:mm:ss.fff ", CultureInfo.InvariantCulture));
        if (format == LogFormat.Text) line.Write(Coloured(Word(logEvent.Level), Colour(logEvent.Level)) + " ");
        Message.Format(logEvent, line);
        WriteScope(logEvent, JobProperty, line);
        WriteScope(logEvent, OpProperty, line);
        if (logEvent.Exception is { } exception) line.Write("\n" + exception);

        if (format != LogFormat.Journald)
        {
            output.WriteLine(line);
            return;
        }
        string prefix = $"<{Priority(logEvent.Level)}>";
        foreach (string part in line.ToString().Split('\n')) output.WriteLine(prefix + part);
    }

    private void WriteScope(LogEvent logEvent, string name, StringWriter line)
    {
        if (logEvent.Properties.TryGetValue(name, out LogEventPropertyValue? value) && value is ScalarValue { Value: { } scalar })
            line.Write(Coloured($" {name}={scalar}", "90"));
    }

    private string Coloured(string text, string colour) => colours ? $"\u001b[{colour}m{text}\u001b[0m" : text;

    private static string Word(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "trace",
        LogEventLevel.Debug => "debug",
        LogEventLevel.Information => "info ",
        LogEventLevel.Warning => "warn ",
        LogEventLevel.Error => "error",
        _ => "fatal",
    };

    private static string Colour(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose or LogEventLevel.Debug => "90",
        LogEventLevel.Information => "32",
        LogEventLevel.Warning => "33",
        _ => "31",
    };

    /// <summary>syslog(3): 2 critical, 3 error, 4 warning, 6 informational, 7 debug.</summary>
    private static int Priority(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose or LogEventLevel.Debug => 7,
        LogEventLevel.Information => 6,
        LogEventLevel.Warning => 4,
        LogEventLevel.Error => 3,
        _ => 2,
    };
}
