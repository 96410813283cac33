using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>Answer of <c>GET /containers/{id}/json</c>.</summary>
public sealed class ContainerInspectResponse
{
    [JsonPropertyName("Id")]
    public string ID { get; set; } = "";

    public DateTime Created { get; set; }

    public string Path { get; set; } = "";

    public IList<string> Args { get; set; } = [];

    public ContainerState State { get; set; } = new();

    /// <summary>Id of the image.</summary>
    public string Image { get; set; } = "";

    public string LogPath { get; set; } = "";

    /// <summary>Name with a leading slash.</summary>
    public string Name { get; set; } = "";

    public long RestartCount { get; set; }

    public string Driver { get; set; } = "";

    public string Platform { get; set; } = "";

    public IList<string> ExecIDs { get; set; } = [];

    public HostConfig HostConfig { get; set; } = new();

    public IList<MountPoint> Mounts { get; set; } = [];

    public ContainerConfig Config { get; set; } = new();

    public NetworkSettings NetworkSettings { get; set; } = new();
}
