namespace Nosana.Node.Logs;

/// <summary>What an operation printed in all, whether still stored or not.</summary>
/// <param name="Entries">Entries ever stored, the node's own among them.</param>
/// <param name="Lines">Lines printed to stdout and stderr.</param>
/// <param name="Bytes">Bytes printed to stdout and stderr, newlines included.</param>
/// <param name="Sha256">Lower-case hex digest of those bytes in the order in which they were captured.</param>
internal sealed record LogTotals(long Entries, long Lines, long Bytes, string Sha256);

/// <summary>The newest line of a stream: where a new attachment has to go on.</summary>
/// <param name="TimestampNanoseconds">Its time.</param>
/// <param name="Entries">How many of the newest entries of the stream carry that same time.</param>
internal readonly record struct LogPosition(long TimestampNanoseconds, int Entries);
