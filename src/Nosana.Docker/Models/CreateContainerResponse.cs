using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>Answer of <c>POST /containers/create</c>.</summary>
public sealed class CreateContainerResponse
{
    [JsonPropertyName("Id")]
    public string ID { get; set; } = "";

    public IList<string> Warnings { get; set; } = [];
}
