namespace Nosana.Docker.Models;

/// <summary>A container's place on one network.</summary>
public sealed class EndpointSettings
{
    public EndpointIPAMConfig? IPAMConfig { get; set; }

    public IList<string>? Links { get; set; }

    /// <summary>Names under which other containers of the network find this one.</summary>
    public IList<string>? Aliases { get; set; }

    public string? NetworkID { get; set; }

    public string? EndpointID { get; set; }

    public string? Gateway { get; set; }

    public string? IPAddress { get; set; }

    public long? IPPrefixLen { get; set; }

    public string? IPv6Gateway { get; set; }

    public string? GlobalIPv6Address { get; set; }

    public long? GlobalIPv6PrefixLen { get; set; }

    public string? MacAddress { get; set; }

    public IDictionary<string, string>? DriverOpts { get; set; }
}
