namespace Nosana.Docker.Models;

/// <summary>A container on an inspected network.</summary>
public sealed class EndpointResource
{
    public string Name { get; set; } = "";

    public string EndpointID { get; set; } = "";

    public string MacAddress { get; set; } = "";

    /// <summary>With its prefix length.</summary>
    public string IPv4Address { get; set; } = "";

    /// <summary>With its prefix length.</summary>
    public string IPv6Address { get; set; } = "";
}
