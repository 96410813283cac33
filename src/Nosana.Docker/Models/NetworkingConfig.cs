namespace Nosana.Docker.Models;

/// <summary>Networks that a new container joins, by network name or id.</summary>
public sealed class NetworkingConfig
{
    public IDictionary<string, EndpointSettings>? EndpointsConfig { get; set; }
}
