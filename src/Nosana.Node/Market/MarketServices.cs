using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Nosana.Node.Chain;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Jobs;
using Nosana.Node.Journal;
using Nosana.Solana.Rpc.Streaming;

namespace Nosana.Node.Market;

internal static class MarketServices
{
    /// <summary>
    /// A slot at work on its market. Registered before: the chain (<see cref="NosanaChain"/>, <see cref="TransactionOutbox"/>,
    /// <see cref="IStreamingRpcClient"/>), IPFS clients, the journal, the wallet, the slot, <see cref="HostProblem"/>, and <see cref="IdleTask"/>
    /// where there is any.
    /// </summary>
    public static IServiceCollection AddMarket(this IServiceCollection services)
    {
        services.TryAddSingleton<RefusalPolicy>();
        services.TryAddSingleton<DefinitionFetcher>();
        services.TryAddSingleton<ResultPublisher>();
        services.TryAddSingleton<RunSettlement>();
        services.TryAddSingleton<MarketQueue>();
        services.TryAddSingleton(provider => new RunWatcher(
            provider.GetRequiredService<NosanaChain>(), provider.GetService<IStreamingRpcClient>(), provider.GetRequiredService<HostWallet>().Address,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RunWatcher>>()));
        services.TryAddSingleton(provider => new RunSession(
            provider.GetRequiredService<NosanaChain>(), provider.GetService<IStreamingRpcClient>(), provider.GetRequiredService<DefinitionFetcher>(), provider.GetRequiredService<ResultPublisher>(),
            provider.GetRequiredService<RunSettlement>(), provider.GetRequiredService<JobRunnerFactory>(), provider.GetRequiredService<JobReaper>(), provider.GetRequiredService<JournalStore>(), provider.GetRequiredService<HostWallet>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        services.TryAddSingleton(provider => new IdleTaskRunner(provider.GetService<IdleTask>(), provider.GetRequiredService<ILogger<IdleTaskRunner>>()));
        services.TryAddSingleton<MarketWorker>();
        services.AddHostedService<MarketService>();
        return services;
    }
}
