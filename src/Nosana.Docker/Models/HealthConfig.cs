namespace Nosana.Docker.Models;

/// <summary>Health check of a container. Durations are nanoseconds; 0 inherits.</summary>
public sealed class HealthConfig
{
    /// <summary><c>["NONE"]</c>, <c>["CMD", ...]</c> or <c>["CMD-SHELL", text]</c>.</summary>
    public IList<string>? Test { get; set; }

    public long Interval { get; set; }

    public long Timeout { get; set; }

    public long StartPeriod { get; set; }

    public long Retries { get; set; }
}
