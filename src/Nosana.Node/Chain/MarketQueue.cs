using System.Globalization;
using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Chain;

/// <summary>
/// This host's place in its market's queue: joining, looking, leaving. The transactions of each membership are an intent of their own, so that what
/// became of an earlier one says nothing of this one: the queue itself tells.
/// </summary>
internal sealed partial class MarketQueue(
    NosanaChain chain, TransactionOutbox outbox, HostWallet wallet, ServedMarket served, TimeProvider time, ILogger<MarketQueue> logger)
{
    /// <summary>As many are sent while the host is in the queue all the same.</summary>
    private const int LeaveTries = 3;

    private readonly JobsInstructions _jobs = new(chain.Programs);
    private readonly Absence _place = new(time);
    private string _key = NewKey(time);
    private bool _hasPlace;

    /// <summary>
    /// The place was seen, and is gone without a `stop` of ours: a run has taken it. Until the run is found, or two looks seconds apart have missed the
    /// place, joining would be queueing beside it.
    /// </summary>
    public bool IsPlaceMissed { get; private set; }

    private MarketMembership Membership => served.Current;

    /// <returns>Zero-based place and length of the queue; null when the host is not in it.</returns>
    public async Task<(int Place, int Length)?> FindAsync(CancellationToken cancel)
    {
        ChainLook<MarketAccount?> look = await chain.LookAtMarketAsync(Membership.Market, cancel);
        MarketAccount market = look.Value ?? throw new MarketGoneException(Membership.Market);
        int place = market.QueueType == QueueType.Node ? market.IndexInQueue(wallet.Address) : -1;
        if (place >= 0)
        {
            (_hasPlace, IsPlaceMissed) = (true, false);
            _place.Found();
            return (place, market.Queue.Count);
        }
        if (_hasPlace && _place.Missed(look.Slot)) GivePlaceUp();
        IsPlaceMissed = _hasPlace;
        return null;
    }

    /// <summary>The place went to a run that was found.</summary>
    public void GivePlaceUp()
    {
        (_hasPlace, IsPlaceMissed) = (false, false);
        _place.Found();
    }

    /// <summary><c>work</c>: takes the oldest job, or a place in the queue. What came of it is read from the chain.</summary>
    public async Task JoinAsync(CancellationToken cancel)
    {
        // One that was sent before a kill has given a place or a run: the chain is looked at before another is taken.
        if (await outbox.SettleKeysAsync(Work, cancel)) return;
        _key = NewKey(time);
        using var run = new Account();
        PublicKey? nft = Membership.AccessKey is { } key ? AssociatedTokenAccount.Derive(wallet.Address, key) : null;
        PublicKey? metadata = Membership.AccessKey is { } mint ? ProgramAddresses.Metadata(mint).Address : null;
        try
        {
            TransactionInstruction work = _jobs.Work(run.PublicKey, Membership.Market, wallet.Address, nft: nft, metadata: metadata);
            await outbox.SendAsync($"{Work}#{_key}", [work], [wallet.Account, run], cancel);
        }
        catch (TransactionRefusedException e) when (e.Error?.Is(JobsError.NodeAlreadyQueued) == true)
        {
            LogAlreadyQueued(); // an earlier work of ours landed after all
        }
    }

    /// <summary><c>stop</c>: leaves the queue, which is looked at again afterwards. Not being in it is not an error.</summary>
    public async Task LeaveAsync(CancellationToken cancel)
    {
        for (int left = LeaveTries; await FindAsync(cancel) is not null; left--)
        {
            if (left == 0) throw new StillQueuedException(Membership.Market);
            await outbox.SettleKeysAsync(Stop, cancel);
            if (await FindAsync(cancel) is null) break;
            await SendStopAsync(cancel);
        }
    }

    private async Task SendStopAsync(CancellationToken cancel)
    {
        try
        {
            await outbox.SendAsync(
                $"{Stop}#{_key}", [_jobs.Stop(Membership.Market, wallet.Address)], [wallet.Account], cancel, evenUnjournaled: true);
            GivePlaceUp();
            LogLeft(Membership.Market);
        }
        catch (TransactionRefusedException e) when (e.Error?.Is(JobsError.NotInMarketQueue) == true || e.Error?.Is(JobsError.MarketInWrongState) == true)
        {
            LogNotQueued(); // a job was given to us in between, or the queue has emptied: the runs tell
        }
    }

    private string Work => $"work:{Membership.Market}";

    private string Stop => $"stop:{Membership.Market}";

    private static string NewKey(TimeProvider time) => time.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    [LoggerMessage(430, LogLevel.Debug, "Already in the queue")]
    private partial void LogAlreadyQueued();

    [LoggerMessage(431, LogLevel.Information, "Left the queue of market {Market}")]
    private partial void LogLeft(PublicKey market);

    [LoggerMessage(432, LogLevel.Debug, "Was not in the queue any more")]
    private partial void LogNotQueued();
}
