namespace Nosana.Docker.Models;

/// <summary>Query of <c>PUT /containers/{id}/archive</c>.</summary>
public sealed class CopyToContainerParameters
{
    /// <summary>A directory of the container that exists; the tar stream is unpacked in it.</summary>
    public required string Path { get; set; }

    /// <summary>Whether replacing a directory by a file, or the other way round, is an error.</summary>
    public bool NoOverwriteDirNonDir { get; set; }
}
