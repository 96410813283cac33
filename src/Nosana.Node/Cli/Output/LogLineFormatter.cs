using System.Globalization;
using Nosana.Node.Texts;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Parsing;

namespace Nosana.Node.Cli.Output;

/// <summary>
/// One line an event: time, level, text, then <c>job=… op=…</c> where the line belongs to one. Under systemd the journal
/// keeps the time itself and reads the priority from a <c>&lt;N&gt;</c> prefix (sd-daemon(3)), on every line of a multi-line event. Only what
/// is ours makes lines: the template, a stack, the items of a list. Values are anybody's, and stay on the line that they stand in.
/// </summary>
internal sealed class LogLineFormatter(LogFormat format, bool colours) : ITextFormatter
{
    public const string JobProperty = "job";
    public const string OpProperty = "op";

    public void Format(LogEvent logEvent, TextWriter output)
    {
        var line = new StringWriter(CultureInfo.InvariantCulture);
        if (format == LogFormat.Text) line.Write(logEvent.Timestamp.ToLocalTime().ToString("HH:mm:ss.fff ", CultureInfo.InvariantCulture));
        if (format == LogFormat.Text) line.Write(Coloured(Word(logEvent.Level), Colour(logEvent.Level)) + " ");
        WriteMessage(logEvent, line);
        WriteScope(logEvent, JobProperty, line);
        WriteScope(logEvent, OpProperty, line);
        if (logEvent.Exception is { } exception) line.Write("\n" + ExceptionText.Of(exception));

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
            line.Write(Coloured($" {name}={Word($"{scalar}")}", "90"));
    }

    private static void WriteMessage(LogEvent logEvent, StringWriter line)
    {
        foreach (MessageTemplateToken token in logEvent.MessageTemplate.Tokens)
        {
            if (token is not PropertyToken property) line.Write(token);
            else if (!logEvent.Properties.TryGetValue(property.PropertyName, out LogEventPropertyValue? value)) line.Write(PlainText.OneLine($"{token}"));
            else if (value is SequenceValue list) line.Write(string.Join("\n  ", list.Elements.Select(item => Shown(item, null))));
            else line.Write(Shown(value, property.Format));
        }
    }

    private static string Shown(LogEventPropertyValue value, string? format) =>
        PlainText.OneLine(value is ScalarValue { Value: string text } ? text : value.ToString(format, CultureInfo.InvariantCulture));

    // A stranger's name for an operation must not look like the next word of the line.
    private static string Word(string text) => text.Length > 0 && text.All(letter => letter is not ('"' or '=') && !char.IsWhiteSpace(letter))
        ? PlainText.OneLine(text)
        : PlainText.OneLine($"\"{text.Replace("\"", "\\\"", StringComparison.Ordinal)}\"");

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
