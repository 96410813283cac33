namespace Nosana.Docker.Models;

/// <summary>Whether the engine starts a container again when it ends.</summary>
public sealed class RestartPolicy
{
    /// <summary><c>no</c>, <c>always</c>, <c>unless-stopped</c> or <c>on-failure</c>.</summary>
    public string? Name { get; set; }

    public long? MaximumRetryCount { get; set; }
}
