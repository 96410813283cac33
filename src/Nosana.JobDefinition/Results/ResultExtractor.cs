using System.Globalization;
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

    /// <summary>Most characters of all results of an operation together, one more counted for each match and group: as many as its log may have.</summary>
    public const int OperationText = 4 * 1024 * 1024;

    /// <summary>Results by name, in the order of the definition: a list (empty when nothing matched), or the text of an error.</summary>
    /// <param name="patterns">The operation's <c>results</c>.</param>
    /// <param name="log">Type and text of every kept entry, in order; a text ends with its newline.</param>
    /// <param name="budget">The job's, which all its operations share.</param>
    /// <param name="time">Clock of the budget.</param>
    public static IReadOnlyDictionary<string, ResultValue> Extract(
        IReadOnlyList<ResultPattern> patterns,
        IReadOnlyList<(string Type, string Text)> log,
        ExtractionBudget budget,
        TimeProvider time)
    {
        var results = new Dictionary<string, ResultValue>(patterns.Count, StringComparer.Ordinal);
        long room = OperationText;
        foreach (ResultPattern pattern in patterns) results[pattern.Name] = Extract(pattern, log, budget, time, ref room);
        return results;
    }

    private static ResultValue Extract(
        ResultPattern pattern, IReadOnlyList<(string Type, string Text)> log, ExtractionBudget budget, TimeProvider time, ref long room)
    {
        if (budget.Left <= TimeSpan.Zero)
            return ResultValue.Single($"Error: the pattern /{pattern.Regex}/ was not tried: those before it took the {Seconds(ExtractionBudget.Limit)} s "
                + "that all patterns of a job have together");
        var found = new List<string?>();
        long left = room, since = time.GetTimestamp();
        try
        {
            JavaScriptRegex regex = JavaScriptRegex.Compile(pattern.Regex, MatchLimit);
            foreach ((string type, string text) in log)
            {
                if (text.Length == 0 || (pattern.LogTypes is { } types && !types.Contains(type))) continue;
                Spend();
                if (budget.Left <= TimeSpan.Zero)
                    return ResultValue.Single($"Error: the pattern /{pattern.Regex}/ was stopped: all patterns of a job have "
                        + $"{Seconds(ExtractionBudget.Limit)} s together");
                if (text.Length > regex.LongestText)
                    return ResultValue.Single(
                        $"Error: the pattern /{pattern.Regex}/ was stopped at an entry of the log of {text.Length} characters: with groups "
                        + $"that are repeated as in it, it is tried on {regex.LongestText} at most. Repeat less, or print shorter lines");
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
            return ResultValue.Single($"Error: the pattern /{pattern.Regex}/ took longer than {Seconds(MatchLimit)} s on one entry of the log and was stopped");
        }
        finally
        {
            Spend();
        }

        void Spend()
        {
            long now = time.GetTimestamp();
            budget.Spend(time.GetElapsedTime(since, now));
            since = now;
        }
    }

    private static string Seconds(TimeSpan limit) => limit.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
