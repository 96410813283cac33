using Nosana.Node.Chain;
using Nosana.Node.HostManager.Review;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Rpc.Sending;
using Nosana.Solana.Wallet;

namespace Nosana.Node.HostManager;

/// <summary>
/// Changes this host's market: the host manager makes a transaction (it mints the new market's access key), the host shows what it does,
/// and signs and sends it only when the review has no objection.
/// </summary>
internal sealed partial class MarketChanger(HostManagerClient client, NosanaChain chain, ReviewNode review, TransactionOutbox outbox, HostWallet wallet,
    TimeProvider time, ILogger<MarketChanger> logger)
{
    /// <summary>What the service is given to see the transaction on its own node, before it is asked to look.</summary>
    public static readonly TimeSpan BeforeSync = TimeSpan.FromSeconds(30);

    private const string Intent = "change-market";

    /// <summary>Blocks that a blockhash is good for at most; the service does not say how old its own is.</summary>
    private const ulong BlockhashLife = 150;

    /// <summary>Finds out what became of a change that was signed before a crash: while that is open, no other is signed.</summary>
    /// <returns>Whether one landed, so that the service must be asked again before another is made.</returns>
    /// <exception cref="MarketChangeException">The chain does not tell.</exception>
    public async Task<bool> SettleAsync(CancellationToken cancel)
    {
        bool landed = false;
        try
        {
            while (await outbox.SettleAsync(Intent, cancel)) landed = true;
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException)
        {
            throw new MarketChangeException($"What became of an earlier change of market is not known, and no other is signed until it is: {e.Message}", e);
        }
        if (landed) await SyncAsync(cancel);
        return landed;
    }

    /// <returns>The new market.</returns>
    /// <exception cref="HostManagerException">The service did not bring a transaction.</exception>
    /// <exception cref="MarketChangeException">The transaction was refused, by this host or by the chain; the message says why.</exception>
    public async Task<PublicKey> ChangeAsync(CancellationToken cancel)
    {
        MarketChange change = await client.ChangeMarketAsync(cancel);
        Transaction transaction;
        try
        {
            transaction = Transaction.Deserialize(change.Transaction);
        }
        catch (FormatException e)
        {
            throw new HostManagerException(HostManagerFault.Nonsense, "change of market", $"its 'tx' is not a transaction: {e.Message}", e);
        }
        await SignAsync(transaction, change.NewMarket, cancel);
        await SendAsync(transaction, cancel);
        await SyncAsync(cancel);
        return change.NewMarket;
    }

    private async Task SyncAsync(CancellationToken cancel)
    {
        await Task.Delay(BeforeSync, time, cancel);
        try
        {
            await client.SyncAsync(cancel);
        }
        catch (HostManagerException e)
        {
            LogNotSynced(e.Message); // the chain has the change; the service sees it when it looks by itself
        }
    }

    private async Task SignAsync(Transaction transaction, PublicKey market, CancellationToken cancel)
    {
        ReviewOutcome verdict;
        if (review.Rpc is not { } rpc)
            throw new MarketChangeException("The host manager's transaction was not signed: the only RPC endpoint that could tell what it does is the one that "
                + "the host manager gave. Name one with --rpc.");
        try
        {
            verdict = await new TransactionReviewer(rpc, chain.Programs, wallet.Address).ReviewAsync(transaction, cancel);
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException or FormatException)
        {
            throw new MarketChangeException($"The host manager's transaction could not be reviewed and was not signed: {e.Message}", e);
        }
        if (!verdict.MaySign)
        {
            LogRefused(verdict.Lines, verdict.Objections);
            throw new MarketChangeException("The host manager asked to sign a transaction that this host does not sign: "
                + $"{string.Join("; ", verdict.Objections)}");
        }
        LogSigning(market, verdict.Lines);
        transaction.PartialSign(wallet.Account);
    }

    private async Task SendAsync(Transaction transaction, CancellationToken cancel)
    {
        TransactionOutcome outcome;
        try
        {
            ulong lastValid = await chain.Rpc.GetBlockHeightAsync(cancellationToken: cancel) + BlockhashLife;
            outcome = await outbox.SendSignedAsync(Intent, transaction, lastValid, cancel);
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException)
        {
            throw new MarketChangeException($"The change of market was signed and what became of it is not known: {e.Message}", e);
        }
        if (outcome is TransactionOutcome.Failed failed) throw new MarketChangeException($"The chain refused the change of market: {failed.Message}");
        if (outcome is TransactionOutcome.Expired)
            throw new MarketChangeException("The change of market did not land before its blockhash expired; start again to ask for another one.");
    }

    [LoggerMessage(493, LogLevel.Information, "Signing the host manager's transaction for market {Market}:\n  {Decoded}")]
    private partial void LogSigning(PublicKey market, IReadOnlyList<string> decoded);

    [LoggerMessage(494, LogLevel.Error, "Refused to sign the host manager's transaction:\n  {Decoded}\nbecause\n  {Objections}")]
    private partial void LogRefused(IReadOnlyList<string> decoded, IReadOnlyList<string> objections);

    [LoggerMessage(495, LogLevel.Warning, "{Problem}. The change of market is on chain all the same")]
    private partial void LogNotSynced(string problem);
}

/// <summary>The host's market was not changed.</summary>
internal sealed class MarketChangeException(string message, Exception? inner = null) : Exception(message, inner);
