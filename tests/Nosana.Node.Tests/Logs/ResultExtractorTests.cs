using System.Text;
using System.Text.RegularExpressions;
using Nosana.Node.Logs;

namespace Nosana.Node.Tests.Logs;

public sealed class ResultExtractorTests
{
    [Fact]
    public void Extract_FirstMatchOfEachEntry_IsAppendedWithItsGroups()
    {
        ResultValue value = Extract(new ResultRule("dev", Matcher(@"Dev (\d)(x)?")), Entry("Dev 1"), Entry("nothing"), Entry("Dev 2x Dev 3"));
        Assert.Equal(["Dev 1", "1", null, "Dev 2x", "2", "x"], value.Matches);
    }

    [Fact]
    public void Extract_WithStreams_LooksAtThoseAlone()
    {
        var rule = new ResultRule("k", Matcher("a"), new HashSet<LogStream> { LogStream.Stderr });
        Assert.Equal(["a"], Extract(rule, Entry("a"), Entry("a", LogStream.Stderr), Entry("a", LogStream.NodeError)).Matches);
    }

    [Fact]
    public void Extract_NoMatch_IsEmpty() => Assert.Empty(Extract(new ResultRule("k", Matcher("z")), Entry("a")).Matches!);

    [Fact]
    public void Extract_EmptyEntry_IsPassedOver() => Assert.Equal([""], Extract(new ResultRule("k", Matcher("/*")), Entry(""), Entry("x")).Matches);

    [Fact]
    public void Extract_PatternThatIsNone_GivesItsError()
    {
        ResultValue value = Extract(new ResultRule("k", null, Error: "SyntaxError: Invalid regular expression"), Entry("a"));
        Assert.Null(value.Matches);
        Assert.Equal("SyntaxError: Invalid regular expression", value.Error);
    }

    [Fact]
    public void Extract_SeveralRules_KeepTheirOrder()
    {
        IReadOnlyList<KeyValuePair<string, ResultValue>> values = ResultExtractor.Extract(
            [new ResultRule("b", Matcher("x")), new ResultRule("a", Matcher("y"))], [Entry("xy")]);
        Assert.Equal(["b", "a"], values.Select(value => value.Key));
    }

    private static MatchEntry Matcher(string pattern) => text => Regex.Match(text, pattern) is { Success: true } match
        ? [.. match.Groups.Values.Select(group => group.Success ? group.Value : null)]
        : null;

    private static LogEntry Entry(string text, LogStream stream = LogStream.Stdout) => new(0, stream, 0, Encoding.UTF8.GetBytes(text), false);

    private static ResultValue Extract(ResultRule rule, params LogEntry[] entries) => Assert.Single(ResultExtractor.Extract([rule], entries)).Value;
}
