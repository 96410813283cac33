using System.Text.RegularExpressions;
using Nosana.JobDefinition.JavaScriptPatterns;
using Nosana.JobDefinition.Model;

namespace Nosana.JobDefinition.Results;

/// <summary>
/// Extracts an operation's results from its log: of every entry of a wanted type the first match, in full and then its groups.
/// A pattern of a stranger may take as long as the limits allow and no longer.
/// </summary>
public static class ResultExtractor
{
    /// <summary>Longest time of one pattern on one entry.</summary>
    public static readonly TimeSpan MatchLimit = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest time of one pattern on the whole log.</summary>
    public static readonly TimeSpan PatternLimit = TimeSpan.FromSeconds(5);

    /// <summary>Longest time of all patterns of an operation together.</summary>
    public static readonly TimeSpan OperationLimit = TimeSpan.FromSeconds(20);

    /// <summary>Most characters of all results of an operation together, one more counted for each match and group: as many as its log may have.</summary>
    public const int OperationText = 4 * 1024 * 1024;

    /// <summary>Results by name, in the order of the definition: a list (empty when nothing matched), or the text of an error.</summary>
    /// <param name="patterns">The operation's <c>results</c>.</param>
    /// <param name="log">Type and text of every kept entry, in order; a text ends with its newline.</param>
    /// <param name="time">Clock for <see cref="PatternLimit"/> and <see cref="OperationLimit"/>.</param>
    public static IReadOnlyDictionary<string, ResultValue> Extract(
        IReadOnlyList<ResultPattern> patterns,
        IReadOnlyList<(string Type, string Text)> log,
        TimeProvider time)
    {
        var results = new Dictionary<string, ResultValue>(patterns.Count, StringComparer.Ordinal);
        long start = time.GetTimestamp(), room = OperationText;
        foreach (ResultPattern pattern in patterns)
            results[pattern.Name] = time.GetElapsedTime(start) < OperationLimit
                ? Extract(pattern, log, time, ref room)
                : ResultValue.Single($"Error: the patterns before /{pattern.Regex}/ took longer than {OperationLimit.TotalSeconds:0} s");
        return results;
    }

    private static ResultValue Extract(ResultPattern pattern, IReadOnlyList<(string Type, string Text)> log, TimeProvider time, ref long room)
    {
        var found = new List<string?>();
        long start = time.GetTimestamp(), left = room;
        try
        {
            JavaScriptRegex regex = JavaScriptRegex.Compile(pattern.Regex, MatchLimit);
            foreach ((string type, string text) in log)
            {
                if (text.Length == 0 || (pattern.LogTypes is { } types && !types.Contains(type))) continue;
                if (time.GetElapsedTime(start) > PatternLimit) return TooSlow(pattern, "the log", PatternLimit);
                if (regex.Match(text, left) is not { } match) continue;
                foreach (string? item in match) left -= (item?.Length ?? 0) + 1;
                found.AddRange(match);
            }
            room = left;
            return ResultValue.List(found);
        }
        catch (JavaScriptRegexException e)
        {
            return ResultValue.Single(e.Message);
        }
        catch (MatchTooLargeException)
        {
            const string Limit = "all results of an operation may have";
            return ResultValue.Single($"Error: the pattern /{pattern.Regex}/ found more than fits: {Limit} {OperationText} characters together");
        }
        catch (RegexMatchTimeoutException)
        {
            return TooSlow(pattern, "one entry of the log", MatchLimit);
        }
    }

    private static ResultValue TooSlow(ResultPattern pattern, string what, TimeSpan limit) =>
        ResultValue.Single($"Error: the pattern /{pattern.Regex}/ took longer than {limit.TotalSeconds:0.###} s on {what} and was stopped");
}
