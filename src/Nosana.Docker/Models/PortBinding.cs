using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>Where a container's port is published on the machine.</summary>
public sealed class PortBinding
{
    [JsonPropertyName("HostIp")]
    public string? HostIP { get; set; }

    /// <summary>Port number as text; empty or null for one that the engine picks.</summary>
    public string? HostPort { get; set; }
}
