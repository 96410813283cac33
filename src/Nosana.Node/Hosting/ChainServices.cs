using Microsoft.Extensions.DependencyInjection.Extensions;
using Nosana.Ipfs.Http;
using Nosana.Node.Chain;
using Nosana.Node.Journal;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Sending;
using Nosana.Solana.Rpc.Streaming;

namespace Nosana.Node.Hosting;

internal static class ChainServices
{
    /// <summary>
    /// Clients of the chain and of IPFS for the network whose <see cref="NetworkSettings"/> are registered, which may be known only while the host
    /// starts. A <see cref="JournalStore"/> must be registered, too.
    /// </summary>
    public static IServiceCollection AddChain(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => provider.Network().RpcOptions);
        services.TryAddSingleton(provider => provider.Network().StreamingOptions);
        services.TryAddSingleton(provider => provider.Network().Programs);
        // Half a minute: a definition that no gateway has then is the poster's matter, and fresh ones take a moment to spread.
        services.TryAddSingleton(provider => new IpfsGatewayOptions { Gateways = provider.Network().IpfsGateways, NotFoundRounds = 8 });
        services.TryAddSingleton(provider => new IpfsPinningOptions { Api = provider.Network().IpfsApi, Credential = provider.Network().IpfsCredential });
        services.AddPeer(HttpPeers.IpfsGateway).FollowRedirects(provider => provider.Network().IpfsGateways).AddTypedClient<IpfsGatewayClient>();
        services.AddPeer(HttpPeers.IpfsPinning).AddTypedClient<IpfsPinningClient>();
        services.TryAddSingleton<RpcClient>();
        services.TryAddSingleton<IRpcClient>(provider => provider.GetRequiredService<RpcClient>());
        services.TryAddSingleton<StreamingRpcClient>();
        services.TryAddSingleton<IStreamingRpcClient>(provider => provider.GetRequiredService<StreamingRpcClient>());
        services.TryAddSingleton<SlotMemory>();
        services.TryAddSingleton(provider => new TransactionSenderOptions { MinContextSlot = () => provider.GetRequiredService<SlotMemory>().Newest });
        services.TryAddSingleton<ITransactionSender, TransactionSender>();
        services.TryAddSingleton<NosanaChain>();
        services.TryAddSingleton(provider => new JobOwners(provider.GetRequiredService<NosanaChain>));
        services.TryAddSingleton<ChainClock>();
        services.TryAddSingleton<TransactionOutbox>();
        return services;
    }

    private static NetworkSettings Network(this IServiceProvider provider) => provider.GetRequiredService<NetworkSettings>();
}
