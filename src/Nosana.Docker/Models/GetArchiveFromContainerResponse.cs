namespace Nosana.Docker.Models;

/// <summary>A file or directory of a container as an uncompressed tar stream. Dispose it to release its connection.</summary>
public sealed class GetArchiveFromContainerResponse : IDisposable
{
    public ContainerPathStatResponse Stat { get; init; } = new();

    /// <summary>The tar stream; empty when only the stat was asked for.</summary>
    public Stream Stream { get; init; } = Stream.Null;

    public void Dispose() => Stream.Dispose();
}
