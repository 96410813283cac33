namespace Nosana.Docker.Models;

/// <summary>Answer of <c>POST /containers/{id}/update</c>.</summary>
public sealed class ContainerUpdateResponse
{
    public IList<string> Warnings { get; set; } = [];
}
