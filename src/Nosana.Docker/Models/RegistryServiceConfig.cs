using System.Text.Json.Serialization;

namespace Nosana.Docker.Models;

/// <summary>How the engine reaches registries.</summary>
public sealed class RegistryServiceConfig
{
    [JsonPropertyName("InsecureRegistryCIDRs")]
    public IList<string> InsecureRegistryCIDRs { get; set; } = [];

    public IList<string> Mirrors { get; set; } = [];
}
