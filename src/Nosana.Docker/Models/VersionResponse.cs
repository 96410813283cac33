using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>Answer of <c>GET /version</c>.</summary>
public sealed class VersionResponse
{
    public string Version { get; set; } = "";

    /// <summary>Newest API version of the engine.</summary>
    [JsonPropertyName("ApiVersion")]
    public string APIVersion { get; set; } = "";

    /// <summary>Oldest API version that the engine still speaks.</summary>
    public string MinAPIVersion { get; set; } = "";

    public string GitCommit { get; set; } = "";

    public string GoVersion { get; set; } = "";

    public string Os { get; set; } = "";

    public string Arch { get; set; } = "";

    public string KernelVersion { get; set; } = "";

    public string BuildTime { get; set; } = "";

    /// <summary>Parts of the engine; Podman is told by a part named <c>Podman Engine</c>.</summary>
    public IList<ComponentVersion> Components { get; set; } = [];
}
