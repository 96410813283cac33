namespace Nosana.Node.Logs;

/// <summary>Looks for the first match in one entry's text.</summary>
/// <returns>The match, then its groups (null for one that took no part); null when there is no match.</returns>
internal delegate IReadOnlyList<string?>? MatchEntry(string text);

/// <summary>A result that an operation takes from its output.</summary>
/// <param name="Key">Its name in the definition.</param>
/// <param name="Match">The pattern; null when it is none, and then <paramref name="Error"/> says why.</param>
/// <param name="Streams">Streams that are looked at; null is all.</param>
/// <param name="Error">What stands in the place of the matches when the pattern is none.</param>
internal sealed record ResultRule(string Key, MatchEntry? Match, IReadOnlySet<LogStream>? Streams = null, string? Error = null);

/// <summary>What a rule found.</summary>
/// <param name="Matches">Each match followed by its groups, for entry after entry; null when the pattern is none.</param>
/// <param name="Error">Why there are no matches; null when the pattern is one.</param>
internal sealed record ResultValue(IReadOnlyList<string?>? Matches, string? Error);
