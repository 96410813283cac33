namespace Nosana.Node.Logs;

/// <summary>Takes an operation's results from its output: the first match of each entry, appended with its groups, entry after entry.</summary>
internal static class ResultExtractor
{
    /// <summary>
    /// Values in the order of the rules. Look through <see cref="OpLog.ResultView"/>'s entries: a result then never speaks of lines that its
    /// reader cannot see, and its size is bounded.
    /// </summary>
    public static IReadOnlyList<KeyValuePair<string, ResultValue>> Extract(IReadOnlyList<ResultRule> rules, IEnumerable<LogEntry> entries)
    {
        var found = rules.Select(_ => new List<string?>()).ToArray();
        if (rules.Any(rule => rule.Match is not null))
        {
            foreach (LogEntry entry in entries)
            {
                if (entry.Bytes.IsEmpty) continue;
                string text = entry.Text;
                for (int i = 0; i < found.Length; i++)
                {
                    ResultRule rule = rules[i];
                    if (rule.Match is null || rule.Streams?.Contains(entry.Stream) == false) continue;
                    if (rule.Match(text) is { } match) found[i].AddRange(match);
                }
            }
        }
        return [.. rules.Select((rule, i) => KeyValuePair.Create(
            rule.Key, rule.Match is null ? new ResultValue(null, rule.Error ?? "The pattern cannot be used.") : new ResultValue(found[i], null)))];
    }
}
