namespace Nosana.Docker.Models;

/// <summary>Query of <c>POST /containers/{id}/stop</c>.</summary>
public sealed class ContainerStopParameters
{
    /// <summary>Seconds before SIGKILL; 0 kills at once, null takes the container's own value (10 when it has none).</summary>
    public uint? WaitBeforeKillSeconds { get; set; }

    /// <summary>Signal instead of the container's own. Engines before API 1.42 ignore it.</summary>
    public string? Signal { get; set; }
}
