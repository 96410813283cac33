using Microsoft.Extensions.DependencyInjection.Extensions;
using Nosana.Node.Chain;
using Nosana.Node.Control;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Exposure;
using Nosana.Node.Gpus;
using Nosana.Node.HostManager;
using Nosana.Node.HostManager.Review;
using Nosana.Node.Hosting.Reload;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Hosting.Startup;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.Admission;
using Nosana.Node.Jobs.HostNames;
using Nosana.Node.Journal;
using Nosana.Node.Logs;
using Nosana.Node.Market;
using Nosana.Node.Market.Earnings;
using Nosana.Node.Operations;
using Nosana.Solana.Rpc;

namespace Nosana.Node.Hosting;

/// <summary>The host that <c>start</c> runs, put together from the rooms.</summary>
internal static class NodeHost
{
    /// <param name="settings">Checked.</param>
    /// <param name="identity">Taken; it must outlive the host.</param>
    /// <param name="logs">Likewise.</param>
    /// <param name="first">What the caller brings along, and what stands in for parts of the host in a test.</param>
    public static IHost Build(NodeSettings settings, HostIdentity identity, ILoggerFactory logs, Action<IServiceCollection> first)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "nosana-node" });
        builder.ConfigureContainer(new DefaultServiceProviderFactory(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true }));
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services.AddSingleton(logs);
        first(builder.Services);

        NetworkSettings network = NetworkSettings.Of(settings);
        string state = settings.StateDirectory;
        builder.Services
            .AddSingleton(settings)
            .AddSingleton(identity.Wallet)
            .AddSingleton(identity.Journal)
            .AddSingleton(new NetworkGiven(network))
            .AddSingleton(settings.ImageCache())
            .AddSingleton(provider => new ContainerDeadlines(state, provider.GetRequiredService<ILogger<ContainerDeadlines>>()))
            .AddStartValue<NetworkSettings>()
            .AddStartValue<HardeningProfile>()
            .AddStartValue<MarketMembership>()
            .AddControl(state)
            .AddReload()
            .AddChain()
            .AddSingleton(settings.Refused())
            .AddSingleton(settings.Registries())
            .AddEngine(settings.EngineAddress(), SettingsUse.RegistryAccounts())
            .AddGpus()
            .AddResources(settings.Resources(Path.Combine(state, "downloads"), new(EngineLabels.Agent, identity.Wallet.Address)))
            .AddExposure(SettingsUse.OnLoopback(settings.Host.ExposePort), network.ExposureDomain, settings.Exposure())
            .AddSingleton(provider => ExposureOf(network, provider.GetRequiredService<ExposureServer>()))
            .AddSingleton(settings.Logs())
            .AddJobs(Path.Combine(state, "logs"))
            .AddHealth(state, new HostDemands(settings.Host.RequireEgress))
            .AddStatus(state)
            .AddMarket();
        if (network.HostManager is { } address) builder.Services.AddHostManager(address);
        if (settings.Host.ControlUrl is { } page)
        {
            builder.Services.AddPeer(HttpPeers.ControlPage);
            builder.Services.AddSingleton(provider => new ControlPage(provider.Peer(HttpPeers.ControlPage), page));
        }

        // The ingress listens first: a port that is taken keeps the host from everything else. What is owed is settled whatever keeps it from new work.
        builder.Services
            .ThenStart<ControlServer>()
            .ThenStart<RpcChoice>()
            .ThenStart<StatusReport>()
            .ThenStart<SettlementOutbox>()
            .ThenStart<OwnCheck>()
            .ThenStart<MarketChoice>();
        if (network.HostManager is not null) builder.Services.ThenStart<HeartbeatService>();
        builder.Services
            .ThenStart<StateKeeper>()
            .ThenStart<LedgerKeeper>()
            .ThenStart<Reconciler>()
            .ThenStart<ChainClockService>()
            .ThenStart<MarketService>();
        return builder.Build();
    }

    /// <summary>Starts the host and runs it until it is told to stop, or one of its services ends by a fault, which the log tells.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IHost host, CancellationToken cancel)
    {
        try
        {
            await host.StartAsync(cancel);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested || host.Services.GetRequiredService<WorkIntake>().IsDraining)
        {
            return ExitCodes.Success; // told so before it had begun
        }
        BackgroundService[] services = [.. host.Services.GetServices<IHostedService>().OfType<BackgroundService>()];
        await host.WaitForShutdownAsync(cancel);
        return services.Any(service => service.ExecuteTask is { IsFaulted: true }) ? ExitCodes.Failed : ExitCodes.Success;
    }

    /// <summary>What of the machine a job may use, and whether it can serve any.</summary>
    private static IServiceCollection AddHealth(this IServiceCollection services, string state, HostDemands demands)
    {
        services.TryAddSingleton(demands);
        services.TryAddSingleton(provider => new StateKeeper(
            state, provider.GetRequiredService<LogStore>(), provider.GetRequiredService<LogOptions>(), provider.GetRequiredService<ResourceStore>(),
            provider.GetRequiredService<ResourceOptions>(), provider.GetRequiredService<JournalStore>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<StateKeeper>>()));
        services.TryAddSingleton<ISlotGpus, SlotGpus>();
        services.TryAddSingleton<Funds>();
        services.TryAddSingleton<IHostHealth, HostHealth>();
        services.TryAddSingleton<Preflight>();
        return services;
    }

    /// <summary>What the host manager is told and asked, and what the market wants fetched in idle time.</summary>
    private static IServiceCollection AddHostManager(this IServiceCollection services, Uri address)
    {
        services.AddPeer(HttpPeers.HostManager).UseSocketsHttpHandler((handler, _) => HostManagerTransport.Harden(handler));
        services.TryAddSingleton(provider =>
            new HostManagerTransport(provider.Peer(HttpPeers.HostManager), address, provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(provider =>
            new HostManagerClient(provider.GetRequiredService<HostManagerTransport>(), provider.GetRequiredService<HostWallet>().Account));
        services.TryAddSingleton<HostIntroduction>();
        services.TryAddSingleton(provider => new ReviewNode(provider.GetRequiredService<NetworkSettings>().ReviewOptions is { } options
            ? new RpcClient(options, provider.GetRequiredService<ILogger<RpcClient>>())
            : null));
        services.TryAddSingleton<MarketChanger>();
        services.TryAddSingleton<MarketNeeds>();
        services.TryAddSingleton<IdleTask>(provider => provider.GetRequiredService<MarketNeeds>().FetchAsync);
        return services;
    }

    // Behind the network's ingress names have https and no port; on the embedded network the listener itself is what clients reach.
    private static ExposureSettings ExposureOf(NetworkSettings network, ExposureServer server) => network.IsLocal
        ? new ExposureSettings(network.ExposureDomain, Uri.UriSchemeHttp, () => server.Address.Port)
        : new ExposureSettings(network.ExposureDomain, Uri.UriSchemeHttps, () => null);
}
