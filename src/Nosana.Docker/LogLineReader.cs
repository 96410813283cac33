namespace Nosana.Docker;

/// <summary>
/// Lines of a container's output. Frames of both streams may be interleaved, a line may span frames (the engine cuts lines over 16 KiB and
/// puts a timestamp before every piece), and a line without end is cut at a limit, so that no output can grow memory.
/// </summary>
public sealed class LogLineReader : IDisposable, IAsyncDisposable
{
    /// <summary>Bytes at which a line is cut when no limit is given.</summary>
    public const int StandardMaxLineLength = 256 * 1024;

    /// <param name="stream">Output as opened; disposed with this.</param>
    /// <param name="timestamps">Whether it was opened with <see cref="Models.ContainerLogsParameters.Timestamps"/>.</param>
    /// <param name="maxLineLength">Bytes at which a line is cut; at least 16.</param>
    public LogLineReader(MultiplexedStream stream, bool timestamps, int maxLineLength = StandardMaxLineLength) => throw new NotImplementedException();

    /// <summary>The line that the last successful <see cref="ReadAsync"/> found. Its data is valid until the next read.</summary>
    public LogLine Current => throw new NotImplementedException();

    /// <summary>Reads the next line into <see cref="Current"/>; false at the end of the output.</summary>
    /// <exception cref="DockerStreamException">As for <see cref="MultiplexedStream.ReadFrameAsync"/>, after what had arrived was returned.</exception>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
