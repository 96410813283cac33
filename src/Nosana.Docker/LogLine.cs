namespace Nosana.Docker;

/// <summary>
/// A line of a container's output, put together from its frames. The data of one target's lines, each followed by <c>\n</c> when
/// <see cref="IsTerminated"/>, is exactly what the container wrote there.
/// </summary>
/// <param name="Target">Which stream of the container.</param>
/// <param name="Timestamp">When the engine got the line's first byte; null when timestamps were not asked for or cannot be read.</param>
/// <param name="Data">Bytes without the line feed. Valid until the next read.</param>
/// <param name="IsTerminated">Whether a line feed followed; false for a line cut at the limit and for an unfinished last line.</param>
/// <param name="IsContinuation">Whether it goes on with a line that was cut at the limit.</param>
public readonly record struct LogLine(
    MultiplexedStream.TargetStream Target, DockerTimestamp? Timestamp, ReadOnlyMemory<byte> Data, bool IsTerminated, bool IsContinuation);
