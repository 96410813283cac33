using System.Net;

namespace Nosana.Node.Exposure;

/// <summary>Where the names of exposed ports are served.</summary>
internal sealed class ExposureOptions
{
    public const int DefaultPort = 8180;

    /// <summary>Loopback, since a tunnel or a proxy on this machine brings the requests in. Port 0 takes a free one.</summary>
    public IPEndPoint Listen { get; set; } = new(IPAddress.Loopback, DefaultPort);

    /// <summary>What follows the expose id in a host name.</summary>
    public string Domain { get; set; } = "localhost";

    /// <summary>How long a container's port may take to accept a connection.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a request, stream or WebSocket may lie still. Models may compute for hours before the first byte.</summary>
    public TimeSpan ActivityTimeout { get; set; } = TimeSpan.FromHours(24);
}
