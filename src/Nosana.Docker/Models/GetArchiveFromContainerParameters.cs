namespace Nosana.Docker.Models;

/// <summary>Query of <c>GET</c> and <c>HEAD /containers/{id}/archive</c>.</summary>
public sealed class GetArchiveFromContainerParameters
{
    public required string Path { get; set; }
}
