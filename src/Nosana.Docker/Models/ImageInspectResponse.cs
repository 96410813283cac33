using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>Answer of <c>GET /images/{name}/json</c>.</summary>
public sealed class ImageInspectResponse
{
    [JsonPropertyName("Id")]
    public string ID { get; set; } = "";

    public IList<string> RepoTags { get; set; } = [];

    public IList<string> RepoDigests { get; set; } = [];

    public string Parent { get; set; } = "";

    public DateTime Created { get; set; }

    public string Author { get; set; } = "";

    public string Architecture { get; set; } = "";

    public string Os { get; set; } = "";

    /// <summary>Bytes with all layers.</summary>
    public long Size { get; set; }

    public ContainerConfig Config { get; set; } = new();

    public RootFS RootFS { get; set; } = new();
}
