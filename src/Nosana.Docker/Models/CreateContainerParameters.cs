using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>Body and query of <c>POST /containers/create</c>.</summary>
public sealed class CreateContainerParameters : ContainerConfig
{
    /// <summary>Name of the container, or null for one that the engine makes up. Sent in the query.</summary>
    [JsonIgnore]
    public string? Name { get; set; }

    /// <summary>Platform such as <c>linux/amd64</c>; null for the engine's own. Sent in the query.</summary>
    [JsonIgnore]
    public string? Platform { get; set; }

    public HostConfig? HostConfig { get; set; }

    public NetworkingConfig? NetworkingConfig { get; set; }
}
