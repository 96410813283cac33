using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Nosana.Node.Jobs;
using Nosana.Node.Journal;
using Nosana.Solana.Rpc.Streaming;

namespace Nosana.Node.Market;

internal static class MarketServices
{
    /// <summary>
    /// A slot at work on its market. Registered before: the chain (<see cref="NosanaChain"/>, <see cref="TransactionDesk"/>,
    /// <see cref="IStreamingRpcClient"/>), IPFS clients, the journal, the wallet, the slot, <see cref="HostProblem"/>, and <see cref="IdleWork"/>
    /// where there is any.
    /// </summary>
    public static IServiceCollection AddMarket(this IServiceCollection services)
    {
        services.TryAddSingleton<RefusalPolicy>();
        services.TryAddSingleton<JobIntake>();
        services.TryAddSingleton<ResultPublisher>();
        services.TryAddSingleton<RunSettlement>();
        services.TryAddSingleton<QueuePlace>();
        services.TryAddSingleton(provider => new RunWatcher(
            provider.GetRequiredService<NosanaChain>(), provider.GetService<IStreamingRpcClient>(), provider.GetRequiredService<HostWallet>().Address,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RunWatcher>>()));
        services.TryAddSingleton(provider => new RunSession(
            provider.GetRequiredService<NosanaChain>(), provider.GetService<IStreamingRpcClient>(), provider.GetRequiredService<JobIntake>(), provider.GetRequiredService<ResultPublisher>(),
            provider.GetRequiredService<RunSettlement>(), provider.GetRequiredService<JobParts>(), provider.GetRequiredService<JournalStore>(), provider.GetRequiredService<HostWallet>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        services.TryAddSingleton(provider => new IdleTime(provider.GetService<IdleWork>(), provider.GetRequiredService<ILogger<IdleTime>>()));
        services.TryAddSingleton<MarketWorker>();
        services.AddHostedService<MarketService>();
        return services;
    }
}
