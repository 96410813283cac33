using System.Net;

namespace Nosana.LocalNet.Front;

/// <summary>How to start the stand-in of the network's ingress for hosts behind NAT.</summary>
public sealed record FrontOptions
{
    /// <summary>Where tunnels come in. Tunnel clients are containers: loopback is out of their reach, a bridge's gateway address is not.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes a free one. The real one has 7000.</summary>
    public int ControlPort { get; init; }

    /// <summary>Where host names are served, on loopback. 0 takes a free one.</summary>
    public int HttpPort { get; init; }

    /// <summary>Where <c>CONNECT</c> is served, on loopback. 0 takes a free one. The real one has 5002.</summary>
    public int ConnectPort { get; init; }

    /// <summary>What follows the id in a host name. Browsers resolve what ends in <c>localhost</c>.</summary>
    public string Domain { get; init; } = "localhost";
}
