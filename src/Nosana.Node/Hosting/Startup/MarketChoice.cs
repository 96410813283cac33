using Nosana.Node.Chain;
using Nosana.Node.Gpus;
using Nosana.Node.HostManager;
using Nosana.Node.Hosting.Settings;
using Nosana.Node.Journal;
using Nosana.Node.Market;
using Nosana.Node.Operations;
using Nosana.Node.Retries;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Hosting.Startup;

/// <summary>
/// Introduces this host to the host manager, if there is one, and finds the market: the one that was named, else the one recommended, else
/// that of the embedded network.
/// </summary>
internal sealed partial class MarketChoice(
    NodeSettings settings, NetworkSettings network, HostWallet wallet, Preflight preflight, GpuInventory gpus,
    StartValue<MarketMembership> membership, JournalStore journal, SlotStatus status, TimeProvider time, ILogger<MarketChoice> logger,
    HostIntroduction? introduction = null, MarketChanger? changer = null, MarketNeeds? needs = null) : StartStep
{
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        PublicKey? recommended = null;
        if (introduction is not null)
        {
            HostSpecs specs = new MachineReader("/", settings.StateDirectory).Read(gpus.Read(), settings.Site());
            await introduction.GreetAsync(specs, cancellationToken);
            if (!membership.IsFound) recommended = await introduction.ChooseMarketAsync(specs, changer!, cancellationToken);
        }
        if (!membership.IsFound)
        {
            PublicKey market = recommended ?? Own();
            MarketLook look = await preflight.LookAtMarketAsync(market, settings.Host.CreateAccounts, cancellationToken);
            for (int looks = 1; !look.ChainAnswers; looks++)
            {
                status.Show($"Waiting to start: {string.Join(" ", look.Problems)}", SlotActivity.Starting);
                await Task.Delay(RetryPipelines.Start.WaitAfter(looks), time, cancellationToken);
                look = await preflight.LookAtMarketAsync(market, settings.Host.CreateAccounts, cancellationToken);
            }
            if (journal.OpenRuns().Count == 0) Refusal.Unless(look.Problems); // else what is owed comes first
            membership.Found(look.Membership);
        }
        if (needs is not null) await needs.LookAsync(membership.Value.Market, cancellationToken);
        LogServing(network.Name, membership.Value.Market, wallet.Address);
    }

    private PublicKey Own() => network.DefaultMarket is { } own
        ? Addresses.Parse(own)
        : throw new CommandException(
            introduction is null
                ? "Which market? Give --market; 'market list' shows what there is."
                : "The host manager recommends no market (the log says why). Give --market; 'market list' shows what there is.",
            ExitCodes.Refused);

    [LoggerMessage(100, LogLevel.Information, "Serving market {Market} on {Network} as {Wallet}")]
    private partial void LogServing(string network, PublicKey market, PublicKey wallet);
}
