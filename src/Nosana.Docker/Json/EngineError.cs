using System.Text.Json.Serialization;

namespace Nosana.Docker.Json;

/// <summary>The engine's answer to a request that failed.</summary>
internal sealed class EngineError
{
    [JsonPropertyName("message")]
    public string? Message { get; set; }
}
