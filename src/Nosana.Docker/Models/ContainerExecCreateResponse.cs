using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>Answer of <c>POST /containers/{id}/exec</c>.</summary>
public sealed class ContainerExecCreateResponse
{
    [JsonPropertyName("Id")]
    public string ID { get; set; } = "";
}
