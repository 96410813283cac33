using System.Globalization;
using System.Text.RegularExpressions;

namespace Nosana.JobDefinition.Results;

/// <summary>Patterns in JavaScript's syntax and meaning (no flags), run by .NET's engine under a time limit.</summary>
public sealed class JavaScriptRegex
{
    private readonly Regex _regex;
    private readonly int _groups;

    private JavaScriptRegex(Regex regex, int groups)
    {
        _regex = regex;
        _groups = groups;
    }

    /// <summary>Compiles a pattern.</summary>
    /// <param name="pattern">JavaScript syntax; <c>*</c> alone stands for <c>/*</c>, as on the network.</param>
    /// <param name="timeLimit">Longest time of one match.</param>
    /// <exception cref="JavaScriptRegexException">The pattern is not one; the message is JavaScript's.</exception>
    public static JavaScriptRegex Compile(string pattern, TimeSpan timeLimit)
    {
        (string translated, int groups) = JavaScriptPatternParser.Translate(pattern == "*" ? "/*" : pattern);
        try
        {
            return new JavaScriptRegex(new Regex(translated, RegexOptions.CultureInvariant, timeLimit), groups);
        }
        catch (ArgumentException e) when (e is RegexParseException)
        {
            // The translation of a legal pattern is legal; what .NET may still refuse is its size.
            throw new JavaScriptRegexException(pattern, "Regular expression too large");
        }
    }

    /// <summary>The full match and then its groups, a group that took no part null; null when nothing matches.</summary>
    /// <exception cref="RegexMatchTimeoutException">The time limit is over.</exception>
    public IReadOnlyList<string?>? Match(string text)
    {
        Match match = _regex.Match(text);
        if (!match.Success) return null;
        var found = new string?[_groups + 1];
        found[0] = match.Value;
        for (int group = 1; group <= _groups; group++)
        {
            Group captured = match.Groups[group.ToString(CultureInfo.InvariantCulture)];
            found[group] = captured.Success ? captured.Value : null;
        }
        return found;
    }
}
