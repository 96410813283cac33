namespace Nosana.Docker.Models;

/// <summary>One address range of a network.</summary>
public sealed class IPAMConfig
{
    /// <summary>CIDR, for example <c>192.168.101.0/24</c>.</summary>
    public string? Subnet { get; set; }

    public string? IPRange { get; set; }

    public string? Gateway { get; set; }
}
