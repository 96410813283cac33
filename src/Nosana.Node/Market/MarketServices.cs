using Microsoft.Extensions.DependencyInjection.Extensions;
using Nosana.Node.Chain;
using Nosana.Node.Control;
using Nosana.Node.Gpus;
using Nosana.Node.Jobs;
using Nosana.Node.Market.Confidential;
using Nosana.Node.Market.Earnings;

namespace Nosana.Node.Market;

internal static class MarketServices
{
    /// <summary>
    /// A slot at work on its market, started as <see cref="SettlementOutbox"/>, <see cref="Reconciler"/> and <see cref="MarketService"/>. Registered
    /// elsewhere: the chain, IPFS clients, the journal, the wallet,
    /// jobs, <see cref="MarketMembership"/>, <see cref="ISlotGpus"/>, <see cref="IHostHealth"/>, and <see cref="IdleTask"/> where there is any.
    /// </summary>
    public static IServiceCollection AddMarket(this IServiceCollection services)
    {
        services.TryAddSingleton<RefusalPolicy>();
        services.TryAddSingleton<NetworkProbe>();
        services.TryAddSingleton<NetworkControl>(provider => provider.GetRequiredService<NetworkProbe>().AnswersAsync);
        services.TryAddSingleton<DefinitionFetcher>();
        services.TryAddSingleton<ResultPublisher>();
        services.TryAddSingleton<OwedResults>();
        services.TryAddSingleton<RunSettlement>();
        services.TryAddSingleton<SettlementOutbox>();
        services.TryAddSingleton<SlotStatus>();
        services.TryAddSingleton<MarketQueue>();
        services.TryAddSingleton<RunWatcher>();
        services.TryAddSingleton<WorkIntake>();
        services.TryAddSingleton<ServedMarket>();
        services.TryAddSingleton<MarketSlot>();
        services.TryAddSingleton<OwnerDesk>();
        services.TryAddSingleton(new TrustedEndpoints([]));
        services.TryAddSingleton<OwnerEndpoints>();
        services.TryAddSingleton<ConfidentialCourier>();
        services.TryAddSingleton<RunSession>();
        services.TryAddSingleton<Reconciler>();
        services.TryAddSingleton<IdleTaskRunner>();
        services.TryAddSingleton<MarketWorker>();
        services.TryAddSingleton<MarketService>();
        services.TryAddSingleton<LedgerReader>();
        services.TryAddSingleton<LedgerKeeper>();
        services.AddControlCommand<EarningsCommand>(HttpMethod.Get, EarningsCommand.Path, whileStarting: true);
        services.AddControlCommand<DrainCommand>(HttpMethod.Post, DrainCommand.Path, whileStarting: true);
        return services;
    }
}
