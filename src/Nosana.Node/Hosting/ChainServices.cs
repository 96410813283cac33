using Microsoft.Extensions.Logging;
using Nosana.Ipfs.Http;
using Nosana.Node.Chain;
using Nosana.Node.Journal;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Sending;
using Nosana.Solana.Rpc.Streaming;

namespace Nosana.Node.Hosting;

internal static class ChainServices
{
    /// <summary>Clients of the chain and of IPFS for one network. A <see cref="JournalStore"/> must be registered.</summary>
    public static IServiceCollection AddChain(this IServiceCollection services, NetworkSettings network)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<IRpcClient>(provider => ChainAccess.RpcOf(network, provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton<IStreamingRpcClient>(provider => new StreamingRpcClient(
            network.WebSocket is { } named
                ? new StreamingRpcClientOptions { Endpoint = named }
                : new StreamingRpcClientOptions { Endpoint = StreamingEndpoint.Derive(network.Rpc[0]), Fallbacks = [.. network.Rpc.Skip(1).Select(StreamingEndpoint.Derive)] },
            provider.GetRequiredService<ILogger<StreamingRpcClient>>()));
        services.AddSingleton<ITransactionSender>(provider => new TransactionSender(provider.GetRequiredService<IRpcClient>(), provider.GetRequiredService<ILogger<TransactionSender>>()));
        services.AddSingleton(provider => new NosanaChain(provider.GetRequiredService<IRpcClient>(), network.Programs));
        services.AddSingleton<TransactionOutbox>();
        services.AddSingleton(_ => new HttpClient { Timeout = Timeout.InfiniteTimeSpan });
        services.AddSingleton(provider => new IpfsGatewayClient(provider.GetRequiredService<HttpClient>(), new IpfsGatewayOptions { Gateways = network.IpfsGateways }));
        services.AddSingleton(provider => new IpfsPinningClient(provider.GetRequiredService<HttpClient>(), new IpfsPinningOptions { Api = network.IpfsApi, Credential = network.IpfsCredential }));
        return services;
    }
}
