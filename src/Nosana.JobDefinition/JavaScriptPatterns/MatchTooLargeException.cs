namespace Nosana.JobDefinition.JavaScriptPatterns;

/// <summary>What a pattern matched is more than there is room for.</summary>
public sealed class MatchTooLargeException : Exception;
