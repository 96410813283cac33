namespace Nosana.JobDefinition.JavaScriptPatterns;

/// <summary>A pattern that JavaScript refuses.</summary>
/// <param name="pattern">The pattern.</param>
/// <param name="reason">JavaScript's reason, such as <c>Unterminated group</c>.</param>
public sealed class JavaScriptRegexException(string pattern, string reason)
    : Exception($"SyntaxError: Invalid regular expression: /{pattern}/: {reason}")
{
    /// <summary>JavaScript's reason, such as <c>Unterminated group</c>.</summary>
    public string Reason { get; } = reason;
}

/// <summary>What a pattern matched is more than there is room for.</summary>
public sealed class MatchTooLargeException : Exception;
