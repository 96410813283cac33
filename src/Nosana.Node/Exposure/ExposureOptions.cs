using System.Net;
using Nosana.Node.Exposure.Forwarding;

namespace Nosana.Node.Exposure;

/// <summary>Where the names of exposed ports are served.</summary>
internal sealed class ExposureOptions
{
    public const int DefaultPort = 8180;

    /// <summary>Loopback, since a tunnel or a proxy on this machine brings the requests in. Port 0 takes a free one.</summary>
    public IPEndPoint Listen { get; set; } = new(IPAddress.Loopback, DefaultPort);

    /// <summary>Where clients are served with TLS, by <see cref="Certificate"/>; null is nowhere.</summary>
    public IPEndPoint? ListenTls { get; set; }

    /// <summary>PEM file of the certificate, with those of its issuers after it.</summary>
    public string? Certificate { get; set; }

    /// <summary>PEM file of its key.</summary>
    public string? CertificateKey { get; set; }

    /// <summary>What follows the expose id in a host name.</summary>
    public string Domain { get; set; } = "localhost";

    public RouteLimits Limits { get; set; } = new();

    /// <summary>Peers that are believed when they say who they speak for; nobody, unless the operator names some.</summary>
    public IReadOnlyList<IPNetwork> Trusted { get; set; } = [];

    /// <summary>File that gets a line for each request; null for none.</summary>
    public string? AccessLog { get; set; }

    /// <summary>How long a container's port may take to accept a connection.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a request, stream or WebSocket may lie still. Models may compute for hours before the first byte.</summary>
    public TimeSpan ActivityTimeout { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a client may take from its first byte to the end of its headers, and before that to send any: Kestrel's own default.</summary>
    public TimeSpan HeadersTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Connections of clients at once, those of all names together. Each costs two file descriptors and some 20 KiB.</summary>
    public long MostConnections { get; set; } = 16_384;
}
