using Nosana.Node.Cli.Output;
using Serilog.Events;
using Serilog.Parsing;

namespace Nosana.Node.Tests.Cli.Output;

public sealed class LogLineFormatterTests
{
    [Fact]
    public void Format_Text_HasTimeLevelMessageAndScope()
    {
        string line = Format(LogFormat.Text, LogEventLevel.Warning, "pulled {Image}", null, ("Image", "busybox"), ("job", "J1"), ("op", "a"));
        Assert.Matches(@"^\d\d:\d\d:\d\d\.\d{3} warn  pulled busybox job=J1 op=a\n$", line);
    }

    [Fact]
    public void Format_NoScope_HasNone() => Assert.EndsWith("info  ready\n", Format(LogFormat.Text, LogEventLevel.Information, "ready", null), StringComparison.Ordinal);

    [Theory]
    [InlineData(LogEventLevel.Debug, 7)]
    [InlineData(LogEventLevel.Information, 6)]
    [InlineData(LogEventLevel.Warning, 4)]
    [InlineData(LogEventLevel.Error, 3)]
    [InlineData(LogEventLevel.Fatal, 2)]
    public void Format_Journald_HasThePriorityOnEveryLine(LogEventLevel level, int priority)
    {
        string text = Format(LogFormat.Journald, level, "first\nsecond", new InvalidOperationException("boom"), ("job", "J1"));
        string[] lines = text.TrimEnd('\n').Split('\n');
        Assert.All(lines, line => Assert.StartsWith($"<{priority}>", line, StringComparison.Ordinal));
        Assert.Equal($"<{priority}>first", lines[0]);
        Assert.Contains("boom", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Format_Colours_AreOnlyThereWhenAskedFor()
    {
        Assert.DoesNotContain('\u001b', Format(LogFormat.Text, LogEventLevel.Error, "x", null, ("job", "J1")));
        Assert.Contains('\u001b', Format(LogFormat.Text, LogEventLevel.Error, "x", null, true, ("job", "J1")));
    }

    private static string Format(LogFormat format, LogEventLevel level, string template, Exception? exception, params (string Name, string Value)[] properties) =>
        Format(format, level, template, exception, false, properties);

    private static string Format(LogFormat format, LogEventLevel level, string template, Exception? exception, bool colours, params (string Name, string Value)[] properties)
    {
        var logEvent = new LogEvent(DateTimeOffset.UnixEpoch, level, exception, new MessageTemplateParser().Parse(template),
            properties.Select(property => new LogEventProperty(property.Name, new ScalarValue(property.Value))));
        var output = new StringWriter { NewLine = "\n" };
        new LogLineFormatter(format, colours).Format(logEvent, output);
        return output.ToString();
    }
}
