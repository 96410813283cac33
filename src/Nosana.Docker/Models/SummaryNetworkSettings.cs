namespace Nosana.Docker.Models;

/// <summary>Networks of a listed container, by name.</summary>
public sealed class SummaryNetworkSettings
{
    public IDictionary<string, EndpointSettings> Networks { get; set; } = new Dictionary<string, EndpointSettings>();
}
