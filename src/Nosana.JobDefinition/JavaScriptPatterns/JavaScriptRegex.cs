using System.Globalization;
using System.Text.RegularExpressions;

namespace Nosana.JobDefinition.JavaScriptPatterns;

/// <summary>Patterns in JavaScript's syntax and meaning (no flags), run by .NET's engine under a time limit.</summary>
public sealed class JavaScriptRegex
{
    /// <summary>Characters times <see cref="LoopWriter.Remembered"/>: what one match remembers stays within fifty MiB.</summary>
    private const long MaxRemembered = 1 << 19;

    private readonly Regex _regex;
    private readonly int _groups;

    private JavaScriptRegex(Regex regex, int groups, long remembered)
    {
        _regex = regex;
        _groups = groups;
        LongestText = remembered == 0 ? int.MaxValue : (int)Math.Max(1, MaxRemembered / remembered);
    }

    /// <summary>Characters of the longest text on which what a match remembers is bounded; no limit without loops over groups.</summary>
    public int LongestText { get; }

    /// <summary>Compiles a pattern.</summary>
    /// <param name="pattern">JavaScript syntax; <c>*</c> alone stands for <c>/*</c>, as on the network.</param>
    /// <param name="timeLimit">Longest time of one match.</param>
    /// <exception cref="JavaScriptRegexException">The pattern is not one; the message is JavaScript's.</exception>
    public static JavaScriptRegex Compile(string pattern, TimeSpan timeLimit)
    {
        (string translated, int groups, long remembered) = JavaScriptPatternParser.Translate(pattern == "*" ? "/*" : pattern);
        try
        {
            return new JavaScriptRegex(new Regex(translated, RegexOptions.CultureInvariant, timeLimit), groups, remembered);
        }
        catch (ArgumentException e) when (e is RegexParseException)
        {
            // The translation of a legal pattern is legal; what .NET may still refuse is its size.
            throw new JavaScriptRegexException(pattern, "Regular expression too large");
        }
    }

    /// <summary>The full match and then its groups, a group that took no part null; null when nothing matches.</summary>
    /// <param name="text">Where to look.</param>
    /// <param name="room">Most characters that match and groups may have together, one more counted for each.</param>
    /// <exception cref="RegexMatchTimeoutException">The time limit is over.</exception>
    /// <exception cref="MatchTooLargeException">There is not so much room.</exception>
    public IReadOnlyList<string?>? Match(string text, long room = long.MaxValue)
    {
        Match match = _regex.Match(text);
        if (!match.Success) return null;
        for (int group = 0; group <= _groups; group++) room -= Captured(match, group).Length + 1;
        if (room < 0) throw new MatchTooLargeException();
        var found = new string?[_groups + 1];
        found[0] = match.Value;
        for (int group = 1; group <= _groups; group++)
        {
            Group captured = Captured(match, group);
            found[group] = captured.Success ? captured.Value : null;
        }
        return found;
    }

    private static Group Captured(Match match, int group) => group == 0 ? match : match.Groups[group.ToString(CultureInfo.InvariantCulture)];
}
