namespace Nosana.Node.Logs;

/// <summary>An operation's output as its result carries it.</summary>
/// <param name="Entries">Oldest first. When something was cut, the first one is a <see cref="LogStream.NodeError"/> that says so.</param>
/// <param name="Dropped">What the result does not carry; null when it carries everything.</param>
internal sealed record ResultLogs(IReadOnlyList<LogEntry> Entries, DroppedLogs? Dropped);

/// <summary>What a result leaves out.</summary>
/// <param name="Lines">Printed lines left out.</param>
/// <param name="Bytes">Printed bytes left out.</param>
/// <param name="Sha256">Lower-case hex digest of <em>all</em> bytes printed, those carried too.</param>
internal sealed record DroppedLogs(long Lines, long Bytes, string Sha256);
