using Nosana.Solana.Wallet;

namespace Nosana.Node.HostManager;

/// <summary>
/// What a host and the host manager tell each other when the host starts. Nothing here is needed by a host that knows its market and its RPC
/// endpoint: every failure is told and passed over, but that of a recommendation that nothing else replaces.
/// </summary>
internal sealed partial class HostIntroduction(HostManagerClient client, TimeProvider time, ILogger<HostIntroduction> logger)
{
    /// <summary>The endpoint the service gives; null, and a word in the log, when it gives none.</summary>
    public async Task<Uri?> ChooseRpcAsync(CancellationToken cancel)
    {
        try
        {
            Uri url = await client.RpcAsync(cancel);
            LogRpc(url.Host); // the path may hold a credential
            return url;
        }
        catch (HostManagerException e)
        {
            LogNoRpc(e.Message);
            return null;
        }
    }

    /// <summary>Asks where this host stands and tells what it is.</summary>
    public async Task GreetAsync(HostSpecs specs, CancellationToken cancel)
    {
        long asked = time.GetTimestamp();
        try
        {
            NodeStatus status = await client.StatusAsync(cancel);
            specs = specs with { Network = specs.Network with { PingMs = Math.Max(1, (int)time.GetElapsedTime(asked).TotalMilliseconds) } };
            if (status.Standing == NodeStanding.Onboarded) LogOnboarded(status.Status, status.Market);
            else if (status.Standing == NodeStanding.Waiting) LogWaiting(status.Status);
            else LogUnknown(status.Status);
        }
        catch (HostManagerException e)
        {
            LogNoStatus(e.Message);
        }
        try
        {
            await client.SubmitSpecsAsync(specs, cancel);
            LogSpecs(specs.Gpus.Devices.Count, specs.Cpu.LogicalCores, specs.RamMb);
        }
        catch (HostManagerException e)
        {
            LogNoSpecs(e.Message);
        }
    }

    /// <summary>The market that the service recommends, after the change it asks for; null, and a word in the log, when there is none.</summary>
    public async Task<PublicKey?> ChooseMarketAsync(HostSpecs specs, MarketChanger changer, CancellationToken cancel)
    {
        try
        {
            MarketAdvice advice = await client.CheckMarketAsync(specs.Gpus, cancel);
            if (advice.MustChange && await changer.SettleAsync(cancel)) advice = await client.CheckMarketAsync(specs.Gpus, cancel);
            PublicKey market = advice.Market ?? await changer.ChangeAsync(cancel);
            LogMarket(market);
            return market;
        }
        catch (Exception e) when (e is HostManagerException or MarketChangeException)
        {
            LogNoMarket(e.Message);
            return null;
        }
    }

    /// <summary>Tells what the market wants its hosts to have ready. Jobs pull their images themselves: this saves the first one's wait, no more.</summary>
    public async Task<RequiredResources?> LookAtResourcesAsync(PublicKey market, CancellationToken cancel)
    {
        try
        {
            RequiredResources resources = await client.RequiredResourcesAsync(market, cancel);
            LogResources(resources.Images.Count, resources.RemoteResources.Count, string.Join(", ", resources.Images));
            return resources;
        }
        catch (HostManagerException e)
        {
            LogNoResources(e.Message);
            return null;
        }
    }

    [LoggerMessage(480, LogLevel.Information, "The host manager gives the RPC endpoint at {RpcHost}")]
    private partial void LogRpc(string rpcHost);

    [LoggerMessage(481, LogLevel.Warning, "{Problem}. The network's public RPC endpoint is used; --rpc names a better one")]
    private partial void LogNoRpc(string problem);

    [LoggerMessage(482, LogLevel.Information, "The host manager knows this host: {Status}, market {Market}")]
    private partial void LogOnboarded(string status, string? market);

    [LoggerMessage(483, LogLevel.Warning, "This host is not accepted yet ({Status}). It can serve markets that ask for no access key; for the others, "
        + "wait for the network's operators")]
    private partial void LogWaiting(string status);

    [LoggerMessage(484, LogLevel.Warning, "The host manager does not know this host ({Status}). It can serve markets that ask for no access key; "
        + "for the others, register it with the network's host programme")]
    private partial void LogUnknown(string status);

    [LoggerMessage(485, LogLevel.Warning, "{Problem}. Where this host stands is not known; it starts all the same")]
    private partial void LogNoStatus(string problem);

    [LoggerMessage(486, LogLevel.Information, "Told the host manager of this machine: {Gpus} GPUs, {Cores} cores, {RamMb} MiB")]
    private partial void LogSpecs(int gpus, int cores, long ramMb);

    [LoggerMessage(487, LogLevel.Warning, "{Problem}. The network does not know this machine's specs; it starts all the same")]
    private partial void LogNoSpecs(string problem);

    [LoggerMessage(488, LogLevel.Information, "The host manager recommends market {Market}")]
    private partial void LogMarket(PublicKey market);

    [LoggerMessage(489, LogLevel.Warning, "{Problem}. No market is recommended; --market names one")]
    private partial void LogNoMarket(string problem);

    [LoggerMessage(496, LogLevel.Information, "The market wants {Images} images and {Resources} resources ready: {Names}")]
    private partial void LogResources(int images, int resources, string names);

    [LoggerMessage(497, LogLevel.Warning, "{Problem}. What the market wants ready is not known; jobs bring it along when they come")]
    private partial void LogNoResources(string problem);
}
