using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>Bytes done of one layer.</summary>
public sealed class JSONProgress
{
    [JsonPropertyName("current")]
    public long Current { get; set; }

    /// <summary>0 or -1 when not known.</summary>
    [JsonPropertyName("total")]
    public long Total { get; set; }

    [JsonPropertyName("units")]
    public string? Units { get; set; }
}
