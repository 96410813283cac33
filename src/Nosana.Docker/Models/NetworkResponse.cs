using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>A network of the engine.</summary>
public sealed class NetworkResponse
{
    public string Name { get; set; } = "";

    [JsonPropertyName("Id")]
    public string ID { get; set; } = "";

    public DateTime Created { get; set; }

    public string Scope { get; set; } = "";

    public string Driver { get; set; } = "";

    public bool EnableIPv6 { get; set; }

    public bool Internal { get; set; }

    public bool Attachable { get; set; }

    public IPAM IPAM { get; set; } = new();

    /// <summary>Running containers on it by id; only an inspect fills it.</summary>
    public IDictionary<string, EndpointResource> Containers { get; set; } = new Dictionary<string, EndpointResource>();

    public IDictionary<string, string> Options { get; set; } = new Dictionary<string, string>();

    public IDictionary<string, string> Labels { get; set; } = new Dictionary<string, string>();
}
