namespace Nosana.JobDefinition.JavaScriptPatterns;

/// <summary>A part of a pattern as .NET reads it.</summary>
/// <param name="Text">The part.</param>
/// <param name="IsNullable">It can match nothing.</param>
internal readonly record struct PatternPiece(string Text, bool IsNullable);
