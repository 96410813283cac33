using System.Net;
using System.Net.Sockets;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Retries;

namespace Nosana.Node.Hosting;

/// <summary>
/// The services that are asked over HTTP, by name, each with connections of its own. Time limits are their clients' matter. The chain's endpoints
/// and the sources of resources have handlers of their own: they choose among addresses, or refuse some. No service moves this host elsewhere: an address
/// that the operator named is asked, and no other.
/// </summary>
internal static class HttpPeers
{
    public const string IpfsGateway = "ipfs-gateway", IpfsPinning = "ipfs-pinning", HostManager = "host-manager", ControlPage = "control-page";

    private const int MaxRedirects = 5;

    /// <summary>Whoever asks for the client lives as long as the host: an address that moved is found by new connections.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    public static IHttpClientBuilder AddPeer(this IServiceCollection services, string name) => services
        .AddHttpClient(name, http => http.Timeout = Timeout.InfiniteTimeSpan)
        .UseSocketsHttpHandler((handler, _) =>
        {
            handler.PooledConnectionLifetime = ConnectionLifetime;
            handler.AllowAutoRedirect = false;
        })
        .AddHttpMessageHandler(provider => new RetryAfterHandler(provider.GetRequiredService<TimeProvider>()))
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
        .RemoveAllLoggers();

    /// <summary>
    /// Redirects are followed, as gateways need it that serve each identifier under a host name of its own; a place that the operator did not name is
    /// asked only where a stranger may have this host ask.
    /// </summary>
    /// <param name="named">Places that the operator named.</param>
    public static IHttpClientBuilder FollowRedirects(this IHttpClientBuilder peer, Func<IServiceProvider, IEnumerable<Uri>> named) =>
        peer.UseSocketsHttpHandler((handler, services) =>
        {
            handler.AllowAutoRedirect = true;
            handler.MaxAutomaticRedirections = MaxRedirects;
            HashSet<(string Host, int Port)> known = [.. named(services).Select(url => (url.IdnHost, url.Port))];
            AddressPolicy policy = services.GetRequiredService<AddressPolicy>();
            handler.ConnectCallback = (context, cancel) => known.Contains((context.DnsEndPoint.Host, context.DnsEndPoint.Port))
                ? ConnectAsync(context.DnsEndPoint, cancel)
                : policy.ConnectAsync(context.DnsEndPoint, cancel);
        });

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint place, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(place, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public static HttpClient Peer(this IServiceProvider services, string name) => services.GetRequiredService<IHttpClientFactory>().CreateClient(name);
}
