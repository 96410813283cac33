using Microsoft.Extensions.Logging;
using Nosana.Node.Gpus;
using Nosana.Node.HostManager;
using Nosana.Node.Jobs.Admission;
using Nosana.Node.Market;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Hosting;

/// <summary>What <c>start</c> does with a host manager; without one, nothing.</summary>
internal static class HostManagerServices
{
    /// <summary>Heartbeats with the process, what the introduction needs, and what the market wants fetched in idle time.</summary>
    public static IServiceCollection AddHostManager(this IServiceCollection services, HostManagerClient client)
    {
        services.AddSingleton(client);
        services.AddSingleton<HostIntroduction>();
        services.AddSingleton<MarketChanger>();
        services.AddSingleton<MarketNeeds>();
        services.AddSingleton<IdleTask>(provider => provider.GetRequiredService<MarketNeeds>().FetchAsync);
        services.AddHostedService<HeartbeatService>();
        return services;
    }

    /// <summary>The settings with the endpoint that the service gives, on mainnet and where none was named.</summary>
    public static async Task<NetworkSettings> WithGivenRpcAsync(this NetworkSettings settings, HostManagerClient client, ILoggerFactory logs, CancellationToken cancel)
    {
        if (settings.Name != NetworkSettings.Mainnet || settings.IsRpcChosen) return settings;
        Uri? rpc = await new HostIntroduction(client, TimeProvider.System, logs.CreateLogger<HostIntroduction>()).ChooseRpcAsync(cancel);
        // The rate stays that of the public ones: nobody says what the given one allows.
        return rpc is null ? settings : settings with { Rpc = [rpc, .. settings.Rpc], WebSocket = null };
    }

    /// <summary>Greets the service and finds the market: the one that was named, else the one recommended, else that of the embedded network.</summary>
    /// <param name="named">What --market or NOSANA_MARKET says; null when neither does.</param>
    /// <param name="site">What the operator says of the place.</param>
    /// <param name="stateDirectory">On the disk that jobs use.</param>
    /// <exception cref="CommandException">No market is known.</exception>
    public static async Task<PublicKey> ChooseMarketAsync(this IServiceProvider services, PublicKey? named, NetworkSettings settings, HostSite site, string stateDirectory, CancellationToken cancel)
    {
        PublicKey? chosen = named;
        if (services.GetService<HostIntroduction>() is { } introduction)
        {
            HostSpecs specs = new MachineReader("/", stateDirectory).Read(services.GetRequiredService<GpuInventory>().Read(), site);
            await introduction.GreetAsync(specs, cancel);
            chosen ??= await introduction.ChooseMarketAsync(specs, services.GetRequiredService<MarketChanger>(), cancel);
        }
        chosen ??= settings.DefaultMarket is { } own ? Addresses.Parse(own) : null;
        PublicKey market = chosen ?? throw new CommandException(
            settings.HostManager is null ? "Which market? Give --market; 'market list' shows what there is." : "The host manager recommends no market (the log says why). Give --market; 'market list' shows what there is.",
            ExitCodes.Refused);
        if (services.GetService<MarketNeeds>() is { } needs) await needs.LookAsync(market, cancel);
        return market;
    }
}
