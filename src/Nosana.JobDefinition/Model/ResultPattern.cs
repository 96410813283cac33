namespace Nosana.JobDefinition.Model;

/// <summary>One entry of an operation's <c>results</c>.</summary>
/// <param name="Name">Key under which the matches are stored.</param>
/// <param name="Regex">Pattern in JavaScript's syntax, without flags.</param>
/// <param name="LogTypes">Log types to search (<c>stdin</c>, <c>stdout</c>, <c>stderr</c>, <c>nodeerr</c>); null for all.</param>
public sealed record ResultPattern(string Name, string Regex, IReadOnlyList<string>? LogTypes);
