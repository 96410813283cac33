using System.Text.RegularExpressions;

namespace Nosana.JobDefinition.Results;

/// <summary>Patterns in JavaScript's syntax and meaning (no flags), run by .NET's engine under a time limit.</summary>
public sealed class JavaScriptRegex
{
    /// <summary>Compiles a pattern.</summary>
    /// <param name="pattern">JavaScript syntax; <c>*</c> alone stands for <c>/*</c>, as on the network.</param>
    /// <param name="timeLimit">Longest time of one match.</param>
    /// <exception cref="JavaScriptRegexException">The pattern is not one; the message is JavaScript's.</exception>
    public static JavaScriptRegex Compile(string pattern, TimeSpan timeLimit) => throw new NotImplementedException();

    /// <summary>The full match and then its groups, a group that took no part null; null when nothing matches.</summary>
    /// <exception cref="RegexMatchTimeoutException">The time limit is over.</exception>
    public IReadOnlyList<string?>? Match(string text) => throw new NotImplementedException();
}
