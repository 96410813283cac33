namespace Nosana.Docker.Models;

/// <summary>Body of <c>POST /networks/{id}/connect</c>.</summary>
public sealed class NetworkConnectParameters
{
    /// <summary>Id or name of the container.</summary>
    public required string Container { get; set; }

    public EndpointSettings? EndpointConfig { get; set; }
}
