using Nosana.Node.Chain;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Operations;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Hosting.Startup;

/// <summary>
/// Looks at this host's own engine and wallet, and at the market when one was named, before anybody is told of the machine. Finds what
/// containers may use of the engine.
/// </summary>
internal sealed partial class OwnCheck(
    NodeSettings settings, NetworkSettings network, Preflight preflight, EgressGuard egress,
    StartValue<HardeningProfile> profile, StartValue<MarketMembership> membership,
    ILogger<OwnCheck> logger) : StartStep
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        OwnLook own = await preflight.LookAtOwnAsync(settings.Host.CreateAccounts, network.IpfsCredential is not null, cancellationToken);
        List<string> problems = [.. own.Problems];
        ResourceLimits limits = settings.Limits();
        if (own.Engine is not null) problems.AddRange(settings.FaultsOf(limits, own.Engine));
        MarketLook? named = null;
        if (own.ChainAnswers && settings.Host.Market is { } market)
        {
            named = await preflight.LookAtMarketAsync(new PublicKey(market), settings.Host.CreateAccounts && problems.Count == 0, cancellationToken);
            problems.AddRange(named.Problems);
        }
        Refusal.Unless(problems);

        profile.Found(limits.Of(own.Engine!, new HardeningProfile()));
        if (named is not null) membership.Found(named.Membership);
        if (egress.Read().Problem is { } open) LogEgressInactive(open);
        if (profile.Value.GpuInjection == GpuInjection.None) LogNoGpus(GpuInjections.WhyNone);
    }

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
