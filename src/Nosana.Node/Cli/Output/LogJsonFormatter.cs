using System.Globalization;
using Nosana.Node.Texts;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Compact;

namespace Nosana.Node.Cli.Output;

/// <summary>One JSON object an event, in Serilog's compact form, in which the terminal that shows it finds nothing to obey.</summary>
internal sealed class LogJsonFormatter : ITextFormatter
{
    private static readonly RenderedCompactJsonFormatter s_compact = new();

    public void Format(LogEvent logEvent, TextWriter output)
    {
        var line = new StringWriter(CultureInfo.InvariantCulture);
        s_compact.Format(logEvent, line);
        output.Write(PlainText.Json(line.ToString()));
    }
}
