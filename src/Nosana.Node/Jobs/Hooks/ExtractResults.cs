using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Nosana.JobDefinition.Model;
using Nosana.JobDefinition.Results;
using Nosana.Node.Logs;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>The definition's <c>results</c>, taken from the log at the operation's end. A stranger's pattern gets a bounded time, and no more.</summary>
internal sealed class ExtractResults : IOpExited
{
    /// <summary>For one match, and for all entries that one pattern looks at.</summary>
    public static readonly TimeSpan MatchTime = TimeSpan.FromMilliseconds(250);
    public static readonly TimeSpan PatternTime = TimeSpan.FromSeconds(2);

    public Task ExitedAsync(OpContext op)
    {
        if (op.Operation.Results.Count == 0) return Task.CompletedTask;
        Pattern[] patterns = [.. op.Operation.Results.Select(result => new Pattern(result))];
        IReadOnlyList<KeyValuePair<string, ResultValue>> values = ResultExtractor.Extract([.. patterns.Select(pattern => pattern.Rule)], op.Log.ResultView().Entries);
        var results = new JsonObject();
        for (int i = 0; i < patterns.Length; i++)
        {
            ResultValue value = values[i].Value;
            string? error = patterns[i].TimedOut ?? value.Error;
            results[patterns[i].Rule.Key] = error is null ? new JsonArray([.. value.Matches!.Select(match => (JsonNode?)match)]) : error;
        }
        op.Job.Flow.UpdateOp(op.Index, state => state.Results = results);
        return Task.CompletedTask;
    }

    private sealed class Pattern
    {
        private readonly string _text;
        private readonly JavaScriptRegex? _regex;
        private readonly Stopwatch _used = new();

        public Pattern(ResultPattern result)
        {
            _text = result.Regex;
            HashSet<LogStream>? streams = result.LogTypes is { } types ? [.. types.Select(Stream)] : null;
            try
            {
                _regex = JavaScriptRegex.Compile(result.Regex, MatchTime);
                Rule = new ResultRule(result.Name, Match, streams);
            }
            catch (JavaScriptRegexException e)
            {
                Rule = new ResultRule(result.Name, null, streams, e.Message);
            }
        }

        public ResultRule Rule { get; }

        /// <summary>Why the pattern was given up; null when it was not.</summary>
        public string? TimedOut { get; private set; }

        private IReadOnlyList<string?>? Match(string text)
        {
            if (TimedOut is not null) return null;
            _used.Start();
            try
            {
                IReadOnlyList<string?>? match = _regex!.Match(text);
                if (_used.Elapsed > PatternTime) TimedOut = $"TimeoutError: /{_text}/ took longer than {PatternTime.TotalSeconds} s over the log and was given up. Write it without nested repetition.";
                return match;
            }
            catch (RegexMatchTimeoutException)
            {
                TimedOut = $"TimeoutError: /{_text}/ took longer than {MatchTime.TotalMilliseconds} ms on one line and was given up. Write it without nested repetition.";
                return null;
            }
            finally
            {
                _used.Stop();
            }
        }

        private static LogStream Stream(string type) => type switch
        {
            "stdin" => LogStream.Stdin,
            "stdout" => LogStream.Stdout,
            "stderr" => LogStream.Stderr,
            _ => LogStream.NodeError,
        };
    }
}
