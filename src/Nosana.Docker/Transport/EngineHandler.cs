using System.Net.Sockets;
using System.Net;

namespace Nosana.Docker.Transport;

/// <summary>Makes the connection pools.</summary>
internal static class EngineHandler
{
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Expect100Timeout = TimeSpan.FromSeconds(5);

    /// <summary>For requests whose answer is read to its end, and soon.</summary>
    public static SocketsHttpHandler CreateForQueries(Uri endpoint) => Create(endpoint, ConnectAsync);

    /// <summary>For answers without an end: one that is left closes its connection at once instead of being read.</summary>
    /// <param name="atOnce">Most connections; further requests wait.</param>
    public static SocketsHttpHandler CreateForStreams(Uri endpoint, int atOnce) => WithoutDraining(Create(endpoint, ConnectAsync), atOnce);

    /// <summary>For answers without an end that come in many small pieces. Each connection has a thread, so none is kept for another request.</summary>
    public static SocketsHttpHandler CreateForOutput(Uri endpoint, int atOnce)
    {
        SocketsHttpHandler handler = WithoutDraining(Create(
            endpoint, (path, cancellationToken) => GatheringStream.ConnectAsync(path, ConnectTimeout, cancellationToken)), atOnce);
        handler.PooledConnectionLifetime = TimeSpan.Zero;
        return handler;
    }

    private static SocketsHttpHandler WithoutDraining(SocketsHttpHandler handler, int atOnce)
    {
        handler.MaxConnectionsPerServer = atOnce;
        handler.MaxResponseDrainSize = 0;
        handler.ResponseDrainTimeout = TimeSpan.Zero;
        return handler;
    }

    private static SocketsHttpHandler Create(Uri endpoint, Func<string, CancellationToken, ValueTask<Stream>> connect)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = ConnectTimeout,
            Expect100ContinueTimeout = Expect100Timeout,
        };
        if (EngineEndpoint.SocketPath(endpoint) is { } path) handler.ConnectCallback = (_, cancellationToken) => connect(path, cancellationToken);
        return handler;
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
