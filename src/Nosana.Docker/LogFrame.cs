namespace Nosana.Docker;

/// <summary>A frame of a <see cref="MultiplexedStream"/>, or a piece of one longer than the reader's buffer.</summary>
/// <param name="Target">Which stream of the container; always standard output when it has a terminal.</param>
/// <param name="Data">Payload. Valid until the next read.</param>
/// <param name="IsStart">Whether it begins a frame.</param>
/// <param name="IsEnd">Whether it ends a frame.</param>
public readonly record struct LogFrame(MultiplexedStream.TargetStream Target, ReadOnlyMemory<byte> Data, bool IsStart, bool IsEnd)
{
    /// <summary>The stream has ended where it may: after a whole frame.</summary>
    public bool IsEndOfStream { get; init; }
}
