using System.Text;
using Nosana.Docker;

namespace Nosana.Node.Logs;

/// <summary>One stored entry: a line with its newline, or a piece of a line that was too long.</summary>
/// <param name="Index">Ordinal among all entries of the operation, from 0; entries dropped from the store keep theirs.</param>
/// <param name="Stream">Where it came from.</param>
/// <param name="TimestampNanoseconds">Nanoseconds since 1970-01-01 UTC, as the engine stamped the line.</param>
/// <param name="Bytes">The bytes as printed; they end in a newline unless the line goes on in the next entry or the output ended without one.</param>
/// <param name="Continues">True when the line goes on in the next entry of the same stream.</param>
internal readonly record struct LogEntry(
    long Index, LogStream Stream, long TimestampNanoseconds, ReadOnlyMemory<byte> Bytes, bool Continues)
{
    /// <summary>The bytes as UTF-8 text; what is not UTF-8 becomes U+FFFD.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes.Span);

    /// <summary>Bytes that the entry takes in a result, the comma after it too.</summary>
    public long SentBytes => JsonText.BytesOf(Bytes.Span) + Stream.ToName().Length + (Stream == LogStream.NodeError
        ? """{"type":"","log":""},""".Length
        : """{"type":"","log":"","timestamp":"2026-01-02T03:04:05.123456789Z"},""".Length);

    /// <summary>The time as the engine writes it: RFC 3339 with nine digits, in UTC.</summary>
    public string Timestamp => new DockerTimestamp(TimestampNanoseconds).ToString();
}
