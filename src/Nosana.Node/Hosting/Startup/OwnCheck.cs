using Nosana.Node.Chain;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Journal;
using Nosana.Node.Market;
using Nosana.Node.Operations;
using Nosana.Node.Retries;
using Nosana.Solana.Rpc.Streaming;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Hosting.Startup;

/// <summary>
/// Looks at this host's own engine and wallet, and at the market when one was named, before anybody is told of the machine. Finds what
/// containers may use of the engine. What another configuration has to mend ends the start, unless this host owes somebody the end of a job: that comes
/// first. What passes is waited for.
/// </summary>
internal sealed partial class OwnCheck(
    NodeSettings settings, NetworkSettings network, Preflight preflight, EgressGuard egress,
    StartValue<HardeningProfile> profile, StartValue<MarketMembership> membership, JournalStore journal, NosanaChain chain,
    IStreamingRpcClient stream, HostWallet wallet, SlotStatus status, TimeProvider time, ILogger<OwnCheck> logger) : StartStep
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        string told = "";
        for (int looks = 1; await LookAsync(cancellationToken) is { Count: > 0 } passing; looks++)
        {
            string why = string.Join(" ", passing);
            if (why != told) LogWaiting(why);
            told = why;
            status.Show($"Waiting to start: {why}", SlotActivity.Starting);
            await Task.Delay(RetryPipelines.Start.WaitAfter(looks), time, cancellationToken);
        }
        if (told.Length > 0) LogGoingOn();
        if (await RpcProbe.FindStreamProblemAsync(chain, stream, wallet.Address, time, cancellationToken) is { } polling) LogPolling(polling);
        if (egress.Read().Problem is { } open) LogEgressInactive(open);
        if (profile.Value.GpuInjection == GpuInjection.None) LogNoGpus(GpuInjections.WhyNone);
    }

    /// <returns>What keeps the host from going on and may pass; empty when everything was found.</returns>
    private async Task<IReadOnlyList<string>> LookAsync(CancellationToken cancellationToken)
    {
        OwnLook own = await preflight.LookAtOwnAsync(settings.Host.CreateAccounts, network.IpfsCredential is not null, cancellationToken);
        List<string> problems = [.. own.Problems], passing = [.. own.Passing], ofMarket = [];
        ResourceLimits limits = settings.Limits();
        if (own.Engine is not null) problems.AddRange(settings.FaultsOf(limits, own.Engine));
        MarketLook? named = null;
        if (own.ChainAnswers && settings.Host.Market is { } market)
        {
            named = await preflight.LookAtMarketAsync(new PublicKey(market), settings.Host.CreateAccounts && problems.Count == 0, cancellationToken);
            (named.ChainAnswers ? ofMarket : passing).AddRange(named.Problems);
        }
        if (problems.Count + ofMarket.Count > 0)
        {
            if (problems.Count > 0 || journal.OpenRuns().Count == 0) Refusal.Unless([.. problems, .. ofMarket, .. passing]);
            LogOwed(string.Join(" ", ofMarket));
        }
        if (passing.Count > 0) return passing;

        profile.Found(limits.Of(own.Engine!, new HardeningProfile()));
        if (named is not null) membership.Found(named.Membership);
        return [];
    }

    [LoggerMessage(116, LogLevel.Error, "Not serving yet; waiting for this to pass: {Problem}")]
    private partial void LogWaiting(string problem);

    [LoggerMessage(119, LogLevel.Warning, "{Problem}")]
    private partial void LogPolling(string problem);

    [LoggerMessage(117, LogLevel.Information, "What kept this host from serving has passed")]
    private partial void LogGoingOn();

    [LoggerMessage(118, LogLevel.Error, "No work can be taken as it is, and jobs that this host has are ended first: {Problem}")]
    private partial void LogOwed(string problem);

    [LoggerMessage(102, LogLevel.Warning, "{Problem}")]
    private partial void LogEgressInactive(string problem);

    [LoggerMessage(103, LogLevel.Warning, "Jobs get no GPU on this engine: {Problem}")]
    private partial void LogNoGpus(string problem);
}

internal static class Refusal
{
    /// <exception cref="CommandException">There are problems.</exception>
    public static void Unless(IReadOnlyCollection<string> problems)
    {
        if (problems.Count > 0)
            throw new CommandException("start is not possible:", [.. problems.Select(problem => $"  - {problem}")], ExitCodes.Refused);
    }
}
