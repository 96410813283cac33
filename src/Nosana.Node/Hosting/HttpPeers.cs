using Nosana.Node.Retries;

namespace Nosana.Node.Hosting;

/// <summary>
/// The services that are asked over HTTP, by name, each with connections of its own. Time limits are their clients' matter. The chain's endpoints
/// and the sources of resources have handlers of their own: they choose among addresses, or refuse some.
/// </summary>
internal static class HttpPeers
{
    public const string IpfsGateway = "ipfs-gateway", IpfsPinning = "ipfs-pinning", HostManager = "host-manager", ControlPage = "control-page";

    /// <summary>Whoever asks for the client lives as long as the host: an address that moved is found by new connections.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(10);

    public static IHttpClientBuilder AddPeer(this IServiceCollection services, string name) => services
        .AddHttpClient(name, http => http.Timeout = Timeout.InfiniteTimeSpan)
        .UseSocketsHttpHandler((handler, _) => handler.PooledConnectionLifetime = ConnectionLifetime)
        .AddHttpMessageHandler(provider => new RetryAfterHandler(provider.GetRequiredService<TimeProvider>()))
        .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
        .RemoveAllLoggers();

    public static HttpClient Peer(this IServiceProvider services, string name) => services.GetRequiredService<IHttpClientFactory>().CreateClient(name);
}
