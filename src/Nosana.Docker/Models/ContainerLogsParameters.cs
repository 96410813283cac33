namespace Nosana.Docker.Models;

/// <summary>Query of <c>GET /containers/{id}/logs</c>.</summary>
public sealed class ContainerLogsParameters
{
    public bool ShowStdout { get; set; }

    public bool ShowStderr { get; set; }

    /// <summary>Whether the stream goes on until the container ends.</summary>
    public bool Follow { get; set; }

    /// <summary>First moment, inclusive: Unix seconds with up to nine decimals (<see cref="DockerTimestamp.ToEngineString"/>).</summary>
    public string? Since { get; set; }

    /// <summary>Last moment, in the form of <see cref="Since"/>.</summary>
    public string? Until { get; set; }

    /// <summary>Whether every frame begins with its RFC 3339 time and a space.</summary>
    public bool Timestamps { get; set; }

    /// <summary>Number of lines from the end, or <c>all</c>; null is all.</summary>
    public string? Tail { get; set; }

    public bool Details { get; set; }
}
