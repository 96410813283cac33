using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Chain;

/// <summary>This host's place in its market's queue: joining, looking, leaving.</summary>
internal sealed partial class MarketQueue(
    NosanaChain chain, TransactionOutbox outbox, HostWallet wallet, ServedMarket served, ILogger<MarketQueue> logger)
{
    private readonly JobsInstructions _jobs = new(chain.Programs);

    private MarketMembership Membership => served.Current;

    /// <returns>Zero-based place and length of the queue; null when the host is not in it.</returns>
    public async Task<(int Place, int Length)?> FindAsync(CancellationToken cancel)
    {
        MarketAccount market = await chain.FindMarketAsync(Membership.Market, cancel)
            ?? throw new MarketGoneException(Membership.Market);
        int place = market.QueueType == QueueType.Node ? market.IndexInQueue(wallet.Address) : -1;
        return place < 0 ? null : (place, market.Queue.Count);
    }

    /// <summary><c>work</c>: takes the oldest job, or a place in the queue. What came of it is read from the chain.</summary>
    public async Task JoinAsync(CancellationToken cancel)
    {
        using var run = new Account();
        PublicKey? nft = Membership.AccessKey is { } key ? AssociatedTokenAccount.Derive(wallet.Address, key) : null;
        PublicKey? metadata = Membership.AccessKey is { } mint ? ProgramAddresses.Metadata(mint).Address : null;
        try
        {
            TransactionInstruction work = _jobs.Work(run.PublicKey, Membership.Market, wallet.Address, nft: nft, metadata: metadata);
            await outbox.SendAsync($"work:{Membership.Market}", [work], [wallet.Account, run], cancel);
        }
        catch (TransactionRefusedException e) when (e.Error?.Is(JobsError.NodeAlreadyQueued) == true)
        {
            LogAlreadyQueued(); // an earlier work of ours landed after all
        }
    }

    /// <summary><c>stop</c>: leaves the queue. Not being in it is not an error.</summary>
    public async Task LeaveAsync(CancellationToken cancel)
    {
        if (await FindAsync(cancel) is null) return;
        try
        {
            await outbox.SendAsync($"stop:{Membership.Market}", [_jobs.Stop(Membership.Market, wallet.Address)], [wallet.Account], cancel);
            LogLeft(Membership.Market);
        }
        catch (TransactionRefusedException e) when (e.Error?.Is(JobsError.NotInMarketQueue) == true || e.Error?.Is(JobsError.MarketInWrongState) == true)
        {
            LogNotQueued(); // a job was given to us in between, or the queue has emptied: the runs tell
        }
    }

    [LoggerMessage(430, LogLevel.Debug, "Already in the queue")]
    private partial void LogAlreadyQueued();

    [LoggerMessage(431, LogLevel.Information, "Left the queue of market {Market}")]
    private partial void LogLeft(PublicKey market);

    [LoggerMessage(432, LogLevel.Debug, "Was not in the queue any more")]
    private partial void LogNotQueued();
}
