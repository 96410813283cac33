using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>One step of a pull, push or import.</summary>
public sealed class JSONMessage
{
    [JsonPropertyName("stream")]
    public string? Stream { get; set; }

    /// <summary>For example <c>Pulling fs layer</c>, <c>Downloading</c>, <c>Extracting</c>, <c>Pull complete</c>.</summary>
    [JsonPropertyName("status")]
    public string? Status { get; set; }

    [JsonPropertyName("progressDetail")]
    public JSONProgress? Progress { get; set; }

    /// <summary>A progress bar drawn by the engine.</summary>
    [JsonPropertyName("progress")]
    public string? ProgressMessage { get; set; }

    /// <summary>Layer (its short digest), or the tag on the first message of a pull.</summary>
    [JsonPropertyName("id")]
    public string? ID { get; set; }

    [JsonPropertyName("from")]
    public string? From { get; set; }

    [JsonPropertyName("errorDetail")]
    public JSONError? Error { get; set; }

    [JsonPropertyName("error")]
    public string? ErrorMessage { get; set; }

    [JsonPropertyName("aux")]
    public System.Text.Json.JsonElement? Aux { get; set; }
}
