using System.Text.Json;
using Nosana.Node.Cli.Output;
using Nosana.Node.Texts;

namespace Nosana.Node.Tests.Texts;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("plain text, ünï©ode and 🙂", "plain text, ünï©ode and 🙂")]
    [InlineData("a\nb\r\n\tc", @"a\nb\r\n\tc")]
    [InlineData("\u001b[2J\u0007", @"\u001b[2J\u0007")]
    [InlineData("\u009b31m", @"\u009b31m")]
    [InlineData("\u202Eabc", @"\u202eabc")]
    [InlineData("\u2028\u0085", @"\u2028\u0085")]
    [InlineData("x\U000E0041y🙂", @"x\udb40\udc41y🙂")]
    [InlineData("", "")]
    public void OneLine_Text_ShowsWhatATerminalWouldObey(string text, string shown) => Assert.Equal(shown, PlainText.OneLine(text));

    [Fact]
    public void OneLine_HalfOfASurrogatePair_IsWrittenOut() => Assert.Equal(@"a\ud83db\n", PlainText.OneLine("a\ud83db\n"));

    [Fact]
    public void OneLine_NothingToDo_IsTheSameText()
    {
        string text = "nothing to do";
        Assert.Same(text, PlainText.OneLine(text));
    }

    [Theory]
    [MemberData(nameof(Hostile.Texts), MemberType = typeof(Hostile))]
    public void AllForms_HostileText_LeaveNothing(string text)
    {
        Assert.True(Hostile.IsHarmless(PlainText.OneLine(text)));
        Assert.True(Hostile.IsHarmless(PlainText.Colourless(text), "\t"));
        Assert.True(Hostile.IsHarmless(PlainText.Coloured(text).Replace("\u001b[31m", "", StringComparison.Ordinal).Replace("\u001b[0m", "", StringComparison.Ordinal), "\t"));
    }

    [Theory]
    [MemberData(nameof(Hostile.Texts), MemberType = typeof(Hostile))]
    public void Json_DocumentWithHostileText_MeansTheSame(string text)
    {
        string document = JsonSerializer.Serialize(new { text }, CommandOutput.Indented);

        string shown = PlainText.Json(document);

        Assert.True(Hostile.IsHarmless(shown, "\n"));
        Assert.Equal(text, JsonDocument.Parse(shown).RootElement.GetProperty("text").GetString());
        Assert.Equal(document.Count(letter => letter == '\n'), shown.Count(letter => letter == '\n'));
    }

    [Theory]
    [InlineData("\u001b[1;31mred\u001b[0m", "\u001b[1;31mred\u001b[0m\u001b[0m")]
    [InlineData("\u001b[38:2::1:2:3mx", "\u001b[38:2::1:2:3mx\u001b[0m")]
    [InlineData("\u001b[mx", "\u001b[mx\u001b[0m")]
    [InlineData("\u001b[2Jx", @"\u001b[2Jx")]
    [InlineData("\u001b[?25hx", @"\u001b[?25hx")]
    [InlineData("\u001b]8;;http://x\u0007", @"\u001b]8;;http://x\u0007")]
    [InlineData("\u001b[31", @"\u001b[31")]
    [InlineData("\u001b", @"\u001b")]
    [InlineData("a\tb\u001b[1mc\rd", "a\tb\u001b[1mc\\rd\u001b[0m")]
    [InlineData("no colours", "no colours")]
    public void Coloured_Line_KeepsColoursAndNothingElse(string line, string shown) => Assert.Equal(shown, PlainText.Coloured(line));

    [Fact]
    public void Coloured_EndlessColours_AreNone() => Assert.DoesNotContain('\u001b', PlainText.Coloured("\u001b[" + new string('1', 100) + "m"));
}
