using System.Net.Sockets;
using System.Net;

namespace Nosana.Docker.Transport;

/// <summary>Makes the connection pools.</summary>
internal static class EngineHandler
{
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Expect100Timeout = TimeSpan.FromSeconds(5);

    /// <param name="endpoint">The engine's address.</param>
    /// <param name="forStreams">Whether an answer that is left early closes its connection at once instead of being read to its end.</param>
    public static SocketsHttpHandler Create(Uri endpoint, bool forStreams)
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
        if (forStreams)
        {
            handler.MaxResponseDrainSize = 0;
            handler.ResponseDrainTimeout = TimeSpan.Zero;
        }
        if (EngineEndpoint.SocketPath(endpoint) is { } path)
            handler.ConnectCallback = (_, cancellationToken) => ConnectAsync(path, cancellationToken);
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
