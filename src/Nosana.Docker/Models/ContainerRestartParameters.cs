namespace Nosana.Docker.Models;

/// <summary>Query of <c>POST /containers/{id}/restart</c>.</summary>
public sealed class ContainerRestartParameters
{
    /// <summary>Seconds before SIGKILL; null takes the container's own value.</summary>
    public uint? WaitBeforeKillSeconds { get; set; }
}
