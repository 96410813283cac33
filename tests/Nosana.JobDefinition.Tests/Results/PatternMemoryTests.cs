using System.Text;
using System.Text.RegularExpressions;
using Nosana.JobDefinition.JavaScriptPatterns;
using Nosana.Testing;

namespace Nosana.JobDefinition.Tests.Results;

/// <summary>Patterns that are made to have the engine remember as much as it can, on the longest text that each is tried on.</summary>
public sealed class PatternMemoryTests(ITestOutputHelper output)
{
    private const int Seed = 7, Patterns = 40;

    /// <summary>An entry of a log is never longer.</summary>
    private const int LongestEntry = 256 << 10;

    /// <summary>What one match may allocate: beside the agent itself it stays below what an agent may take.</summary>
    private const long MostBytes = 64L << 20;

    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(500);

    private readonly Random _random = new(Seed);

    public static TheoryData<string> Made =>
    [
        "(a+)+c", "(a|aa)+$", "((((a)+)+)+)+c", "((((a)+?)+?)+?)+?c", "((((((((((((((((((((a))))))))))))))))))))+c", "(()()()()()()()()()()a)+$",
        "((((()a)*)*)*)*c", "(?:(?:(?:(?:(?:a|b)|z)+?|z)+?|z)+?|z)+?f", "(((?:a|aa))|[ab])+", "(?:((a)(?=a)a*?)){2,}", "(?<=((a)+)+)$",
    ];

    [Theory(Timeout = TestLimit.Milliseconds)]
    [MemberData(nameof(Made))]
    public Task Match_PatternMadeToRemember_StaysWithinItsBound(string pattern) =>
        Task.Run(() => Assert.InRange(Allocated(pattern), 0, MostBytes), TestContext.Current.CancellationToken);

    [Fact(Timeout = TestLimit.Milliseconds)]
    public Task Match_RandomPatterns_StayWithinTheirBound() => Task.Run(() =>
    {
        long most = 0;
        string worst = "";
        for (int i = 0; i < Patterns; i++)
        {
            string pattern = Group(_random.Next(1, 6)) + Pick("$", "c", "");
            long bytes = Allocated(pattern);
            Assert.True(bytes <= MostBytes, $"{bytes} bytes by {pattern}");
            if (bytes > most) (most, worst) = (bytes, pattern);
        }
        output.WriteLine($"{Patterns} patterns: at most {most >> 20} MiB, by {worst}");
    }, TestContext.Current.CancellationToken);

    /// <summary>The control: on a text of any length the same takes what it likes.</summary>
    [Fact(Timeout = TestLimit.Milliseconds)]
    public Task Match_LongerTextThanAllowed_TakesMore() => Task.Run(() =>
        Assert.True(Allocated("(()()()()()()()()()()a)+$", LongestEntry) > MostBytes), TestContext.Current.CancellationToken);

    [Theory]
    [InlineData("(?<=port: ).*")]
    [InlineData("\"id\": *\"([^\"]+)\", *\"n\": *(\\d+)")]
    [InlineData("^[a-z]+ (\\w+) ?(x)?")]
    public void LongestText_NoLoopOverGroups_OfAnyEntry(string pattern) =>
        Assert.True(JavaScriptRegex.Compile(pattern, Limit).LongestText >= LongestEntry);

    private static long Allocated(string pattern, int? length = null)
    {
        JavaScriptRegex regex;
        try
        {
            regex = JavaScriptRegex.Compile(pattern, Limit);
        }
        catch (JavaScriptRegexException)
        {
            return 0; // what is not a pattern is not tried
        }
        string text = new string('a', length ?? Math.Min(LongestEntry, regex.LongestText)) + "\n";
        long before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            regex.Match(text);
        }
        catch (RegexMatchTimeoutException)
        {
            // Until then it has remembered what it could.
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private string Group(int depth)
    {
        var group = new StringBuilder(Pick("(", "(", "(?:"));
        for (int atoms = _random.Next(1, 4), i = 0; i < atoms; i++)
        {
            if (i > 0 && _random.Next(3) == 0) group.Append('|');
            int below = _random.Next(depth + 1);
            group.Append(below == 0 ? Pick("a", "a?", "[ab]", "(?:a|aa)", "()", "a*?", "(a)", "(?=a)", "b?", "\\1?") : Group(below - 1));
        }
        return group.Append(')').Append(Pick("", "?", "+", "*", "+?", "*?", "{2,}", "{1,3}", "+", "+?")).ToString();
    }

    private string Pick(params string[] from) => from[_random.Next(from.Length)];
}
