namespace Nosana.Docker.Models;

/// <summary>State of an inspected container.</summary>
public sealed class ContainerState
{
    /// <summary><c>created</c>, <c>running</c>, <c>paused</c>, <c>restarting</c>, <c>removing</c>, <c>exited</c> or <c>dead</c>.</summary>
    public string Status { get; set; } = "";

    public bool Running { get; set; }

    public bool Paused { get; set; }

    public bool Restarting { get; set; }

    public bool OOMKilled { get; set; }

    public bool Dead { get; set; }

    public long Pid { get; set; }

    public long ExitCode { get; set; }

    /// <summary>Why the engine could not start or run it; empty when it could.</summary>
    public string Error { get; set; } = "";

    /// <summary>RFC 3339 time with nanoseconds, year 1 when it never started; <see cref="DockerTimestamp"/> reads it.</summary>
    public string StartedAt { get; set; } = "";

    /// <summary>RFC 3339 time with nanoseconds, year 1 when it has not ended; <see cref="DockerTimestamp"/> reads it.</summary>
    public string FinishedAt { get; set; } = "";

    /// <summary>Health check results, null without a health check.</summary>
    public Health? Health { get; set; }
}
