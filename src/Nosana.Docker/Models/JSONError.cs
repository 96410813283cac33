using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>Why a pull, push or import failed after its answer had begun.</summary>
public sealed class JSONError
{
    /// <summary>HTTP-like status; 0 when the engine gives none.</summary>
    [JsonPropertyName("code")]
    public int Code { get; set; }

    [JsonPropertyName("message")]
    public string Message { get; set; } = "";
}
