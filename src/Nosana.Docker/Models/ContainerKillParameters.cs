namespace Nosana.Docker.Models;

/// <summary>Query of <c>POST /containers/{id}/kill</c>.</summary>
public sealed class ContainerKillParameters
{
    /// <summary>Name or number of the signal; null is SIGKILL.</summary>
    public string? Signal { get; set; }
}
