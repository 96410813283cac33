using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>What the engine knows about a path inside a container.</summary>
public sealed class ContainerPathStatResponse
{
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    /// <summary>Bytes.</summary>
    [JsonPropertyName("size")]
    public long Size { get; set; }

    /// <summary>Go's <c>os.FileMode</c>: permissions in the low nine bits, directory in the highest.</summary>
    [JsonPropertyName("mode")]
    public uint Mode { get; set; }

    [JsonPropertyName("mtime")]
    public DateTime Mtime { get; set; }

    [JsonPropertyName("linkTarget")]
    public string LinkTarget { get; set; } = "";
}
