using System.Net;
using System.Text;

namespace Nosana.Node.Exposure.Forwarding;

/// <summary>How this host speaks HTTP to containers: for clients, and for the probes that stand for them.</summary>
internal static class ContainerClient
{
    /// <summary>
    /// Below the 5 s after which common servers (Node.js, uvicorn) close an idle connection: a request that cannot be sent twice must not meet one that is
    /// being closed.
    /// </summary>
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(4);

    /// <param name="connect">What a port gets to take a connection.</param>
    public static SocketsHttpHandler Create(TimeSpan connect) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        // Trace headers are the client's; none is made or changed here.
        ActivityHeadersPropagator = null,
        ConnectTimeout = connect,
        PooledConnectionIdleTimeout = s_idle,
        EnableMultipleHttp2Connections = true,
        // A byte is a character, so that whatever encoding a value has passes as it is.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
    };
}
