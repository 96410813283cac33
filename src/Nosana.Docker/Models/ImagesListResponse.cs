using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>One image of <c>GET /images/json</c>.</summary>
public sealed class ImagesListResponse
{
    [JsonPropertyName("Id")]
    public string ID { get; set; } = "";

    [JsonPropertyName("ParentId")]
    public string ParentID { get; set; } = "";

    public IList<string> RepoTags { get; set; } = [];

    public IList<string> RepoDigests { get; set; } = [];

    [JsonConverter(typeof(Json.UnixSecondsConverter))]
    public DateTime Created { get; set; }

    /// <summary>Bytes with all layers.</summary>
    public long Size { get; set; }

    /// <summary>Bytes of layers shared with other images; -1 when not computed.</summary>
    public long SharedSize { get; set; }

    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();

    /// <summary>Containers that use it; -1 when not computed.</summary>
    public long Containers { get; set; }
}
