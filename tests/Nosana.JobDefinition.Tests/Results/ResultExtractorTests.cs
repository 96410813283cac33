using Nosana.JobDefinition.Model;
using Nosana.JobDefinition.Results;
using Nosana.Testing;

namespace Nosana.JobDefinition.Tests.Results;

public class ResultExtractorTests
{
    [Fact]
    public void Extract_FirstMatchOfEachEntry_WithItsGroups()
    {
        ResultValue result = Extract("Dev (\\d)(x)?", null, ("stdout", "Dev 1"), ("stderr", "Dev 2x Dev 3"), ("stdout", "none"));

        Assert.Equal(["Dev 1", "1", null, "Dev 2x", "2", "x"], result.Items!);
    }

    [Fact]
    public void Extract_LogTypes_AreObeyed() =>
        Assert.Equal(["b"], Extract("[ab]", ["stderr", "nodeerr"], ("stdout", "a"), ("stderr", "b")).Items!);

    [Fact]
    public void Extract_Lookbehind_LeavesTheNewlineOut() => Assert.Equal(["8080"], Extract("(?<=port: ).*", null, ("stdout", "port: 8080\n")).Items!);

    [Fact]
    public void Extract_DollarSign_IsTheEndAndNotBeforeANewline() => Assert.Empty(Extract("a$", null, ("stdout", "a\n")).Items!);

    [Fact]
    public void Extract_Star_MatchesNothingOnEachEntry() => Assert.Equal(["", "//"], Extract("*", null, ("stdout", "x"), ("stdout", "//y"), ("stdout", "")).Items!);

    [Fact]
    public void Extract_NoMatch_IsAnEmptyList() => Assert.Empty(Extract("z", null, ("stdout", "a")).Items!);

    [Fact]
    public void Extract_BadPattern_IsJavaScriptsErrorText() =>
        Assert.Equal("SyntaxError: Invalid regular expression: /\\/: \\ at end of pattern", Extract("\\", null, ("stdout", "a")).Text);

    [Fact]
    public void Extract_GroupsThatRepeatOnALongEntry_AreStoppedAndSaidSo()
    {
        string entry = new('a', 150_000);

        Assert.Contains("an entry of the log of 150000 characters", Extract("(()()()()a)+", null, ("stdout", "a"), ("stdout", entry)).Text, StringComparison.Ordinal);
        Assert.Equal([entry, "a"], Extract("(a)+", null, ("stdout", entry)).Items!);
    }

    [Fact]
    public void Extract_PatternThatNeverEnds_IsStoppedAndSaidSo()
    {
        ResultValue result = Extract("(a+)+$", null, ("stdout", new string('a', 40) + "b"));

        Assert.Null(result.Items);
        Assert.Contains("took longer than 0.5 s on one entry", result.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(100_000, '(')]
    [InlineData(5_000, '(')]
    [InlineData(60_000, '[')]
    public void Extract_MonstrousPattern_IsRefused(int length, char c) =>
        Assert.StartsWith("SyntaxError: ", Extract(new string(c, length), null, ("stdout", "a")).Text, StringComparison.Ordinal);

    [Fact]
    public void Extract_MoreGroupsThanAnEntryMayGive_IsRefused() =>
        Assert.Equal($"SyntaxError: Invalid regular expression: /{Groups(1001)}/: Regular expression too large", Extract(Groups(1001), null, ("stdout", "a")).Text);

    [Fact]
    public void Extract_MoreThanAResultMayHold_IsStoppedAndSaidSo()
    {
        (string, string)[] log = [.. Enumerable.Repeat(("stdout", "a"), 5000)];

        ResultValue result = Extract(Groups(1000), null, log);

        Assert.Null(result.Items);
        Assert.Contains("all results of an operation may have 4194304 characters together", result.Text, StringComparison.Ordinal);
        Assert.Equal(5000, Extract("a", null, log).Items!.Count);
    }

    [Fact]
    public void Extract_NestedLoopsThatMayBeEmpty_StaySmall() =>
        Assert.NotNull(Extract(string.Concat(Enumerable.Repeat("(", 150)) + "a*" + string.Concat(Enumerable.Repeat(")+", 150)), null, ("stdout", "b")));

    [Fact]
    public void Extract_OperationsOfOneJob_ShareItsTime()
    {
        var budget = new ExtractionBudget();
        var time = new ManualTimeProvider();
        // An operation before has used all but a moment of it.
        budget.Spend(ExtractionBudget.Limit - TimeSpan.FromMilliseconds(1));

        IReadOnlyDictionary<string, ResultValue> first = Slow(budget, time), second = Slow(budget, time);
        IReadOnlyDictionary<string, ResultValue> another = Slow(new ExtractionBudget(), time);

        Assert.Equal("Error: the pattern /a/ was stopped: all patterns of a job have 5 s together", first["a"].Text);
        Assert.All([first["b"], second["a"], second["b"]], value => Assert.EndsWith("was not tried: those before it took the 5 s that all patterns of a job have together",
            value.Text, StringComparison.Ordinal));
        Assert.Equal(["a", "a"], another["a"].Items!);
    }

    /// <summary>Each look at the clock takes a millisecond of it.</summary>
    private static IReadOnlyDictionary<string, ResultValue> Slow(ExtractionBudget budget, ManualTimeProvider time) => ResultExtractor.Extract(
        [new ResultPattern("a", "a", null), new ResultPattern("b", "b", null)], [("stdout", "a"), ("stdout", "a")], budget, new TickingTime(time));

    private sealed class TickingTime(ManualTimeProvider time) : TimeProvider
    {
        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp()
        {
            time.Advance(TimeSpan.FromMilliseconds(1));
            return time.GetTimestamp();
        }
    }

    private static string Groups(int count) => string.Concat(Enumerable.Repeat("()", count));

    private static ResultValue Extract(string pattern, string[]? types, params (string Type, string Text)[] log) =>
        ResultExtractor.Extract([new ResultPattern("r", pattern, types)], log, new ExtractionBudget(), new ManualTimeProvider())["r"];
}
