namespace Nosana.Docker.Models;

/// <summary>Fixed addresses of a container on one network.</summary>
public sealed class EndpointIPAMConfig
{
    public string? IPv4Address { get; set; }

    public string? IPv6Address { get; set; }
}
