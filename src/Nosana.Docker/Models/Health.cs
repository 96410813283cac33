namespace Nosana.Docker.Models;

/// <summary>What a container's own health check says.</summary>
public sealed class Health
{
    /// <summary><c>none</c>, <c>starting</c>, <c>healthy</c> or <c>unhealthy</c>.</summary>
    public string Status { get; set; } = "";

    public long FailingStreak { get; set; }
}
