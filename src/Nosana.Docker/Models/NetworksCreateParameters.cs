namespace Nosana.Docker.Models;

/// <summary>Body of <c>POST /networks/create</c>.</summary>
public sealed class NetworksCreateParameters
{
    public required string Name { get; set; }

    /// <summary>Whether a second network of the name is refused; engines from API 1.44 always do.</summary>
    public bool CheckDuplicate { get; set; } = true;

    public string? Driver { get; set; }

    /// <summary>Whether the network has no way out of the machine.</summary>
    public bool Internal { get; set; }

    public bool Attachable { get; set; }

    public bool EnableIPv6 { get; set; }

    public IPAM? IPAM { get; set; }

    public IDictionary<string, string>? Options { get; set; }

    public IDictionary<string, string>? Labels { get; set; }
}
