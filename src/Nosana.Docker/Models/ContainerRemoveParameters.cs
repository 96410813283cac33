namespace Nosana.Docker.Models;

/// <summary>Query of <c>DELETE /containers/{id}</c>.</summary>
public sealed class ContainerRemoveParameters
{
    /// <summary>Whether the container's anonymous volumes go with it.</summary>
    public bool RemoveVolumes { get; set; }

    public bool RemoveLinks { get; set; }

    /// <summary>Whether a running container is killed first.</summary>
    public bool Force { get; set; }
}
