namespace Nosana.Docker.Models;

/// <summary>Query of <c>POST /containers/{id}/start</c>.</summary>
public sealed class ContainerStartParameters
{
    public string? DetachKeys { get; set; }
}
