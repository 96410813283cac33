using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>Answer of <c>POST /networks/create</c>.</summary>
public sealed class NetworksCreateResponse
{
    [JsonPropertyName("Id")]
    public string ID { get; set; } = "";

    public string Warning { get; set; } = "";
}
