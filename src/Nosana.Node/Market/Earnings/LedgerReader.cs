using Nosana.Node.Chain;
using Nosana.Node.Journal;
using Nosana.Programs.Accounts;
using Nosana.Programs.Money;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Market.Earnings;

/// <summary>Reads from the chain what a run brought and cost: what its job's account says was earned, and what its transactions moved.</summary>
internal sealed class LedgerReader(NosanaChain chain, JournalStore journal, HostWallet wallet, TimeProvider time)
{
    /// <summary>So long a node may not know yet what has just landed.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>A run's account is in two transactions: the one that made it and the one that closed it.</summary>
    private const int MaxTransactionsOfRun = 20;

    /// <summary>Asks the chain and writes what it says.</summary>
    /// <returns>The entry as it stands now.</returns>
    public async Task<LedgerEntry> ReadAsync(LedgerEntry entry, CancellationToken cancel)
    {
        List<LedgerTransaction> transactions = [.. journal.LedgerTransactions(entry.Run)];
        // Where it was not this host that ended it, whoever did has paid it, too.
        if (!transactions.Any(transaction => transaction.Kind is "finish" or "quit"))
            transactions.AddRange((await chain.Rpc.GetSignaturesForAddressAsync(new PublicKey(entry.Run), MaxTransactionsOfRun, cancellationToken: cancel))
                .Where(found => transactions.All(known => known.Signature != found.Signature))
                .Select(found => new LedgerTransaction(found.Signature, entry.Run, "other")));
        Moved moved = default;
        bool allFound = transactions.Count > 0;
        foreach (LedgerTransaction transaction in transactions)
        {
            if (await chain.Rpc.GetTransactionAsync(transaction.Signature, cancellationToken: cancel) is { Meta: { } meta } info) moved += Of(info, meta);
            else allFound = false;
        }
        JobAccount? job = await chain.FindJobAsync(new PublicKey(entry.Job), cancel);
        entry = WithEarned(entry with { Outcome = OutcomeOf(transactions) }, job) with
        {
            Received = moved.MicroNos,
            Fees = moved.Fees,
            RentPaid = moved.RentPaid,
            RentReturned = moved.RentReturned,
        };
        // An account that its poster has closed says nothing any more; what was received is what there is to know.
        if (entry.Earned is null && allFound) entry = entry with { Earned = entry.Received };
        entry = entry with { State = StateOf(entry, allFound) };
        journal.Save(entry, transactions);
        return entry;
    }

    private LedgerEntry WithEarned(LedgerEntry entry, JobAccount? job)
    {
        if (entry.Outcome == "quit") return entry with { Price = job is null ? entry.Price : checked((long)job.Price), Seconds = 0, Earned = 0 };
        if (job is not { State: JobState.Done } || job.Node != wallet.Address) return entry;
        return entry with
        {
            Market = job.Market.Key,
            Price = checked((long)job.Price),
            Seconds = Math.Min(job.TimeEnd - job.TimeStart, job.Timeout),
            Earned = checked((long)JobPayment.Reimbursement(job.Price, job.TimeStart, job.TimeEnd, job.Timeout)),
        };
    }

    private static string OutcomeOf(IReadOnlyCollection<LedgerTransaction> transactions) =>
        transactions.Any(transaction => transaction.Kind == "finish") ? "finished"
        : transactions.Any(transaction => transaction.Kind == "complete") ? "completed"
        : transactions.Any(transaction => transaction.Kind == "quit") ? "quit"
        : "closed";

    private string StateOf(LedgerEntry entry, bool allFound)
    {
        if (entry.Earned == entry.Received && (allFound || entry.Earned > 0)) return LedgerEntry.Confirmed;
        if (allFound && entry.Earned is not null) return LedgerEntry.Differs;
        return time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(entry.EndedAt) < Patience ? LedgerEntry.Recorded : LedgerEntry.Missing;
    }

    /// <summary>What a transaction moved for this host.</summary>
    private Moved Of(TransactionInfo info, TransactionMeta meta)
    {
        IReadOnlyList<PublicKey> keys = Transaction.Deserialize(info.Transaction).Message.AccountKeys;
        long fee = keys[0] == wallet.Address ? checked((long)meta.Fee) : 0;
        int index = Enumerable.Range(0, keys.Count).FirstOrDefault(i => keys[i] == wallet.Address, -1);
        long lamports = index < 0 ? 0 : checked((long)meta.PostBalances[index] - (long)meta.PreBalances[index]) + fee;
        PublicKey own = chain.Programs.NosTokenAccount(wallet.Address);
        long NosOf(IReadOnlyList<TokenBalanceInfo>? balances) => checked((long)(balances ?? [])
            .Where(balance => balance.AccountIndex < keys.Count && keys[balance.AccountIndex] == own && balance.Mint == chain.Programs.NosMint)
            .Sum(balance => (decimal)balance.UiTokenAmount.AmountUlong));
        return new Moved(NosOf(meta.PostTokenBalances) - NosOf(meta.PreTokenBalances), fee, Math.Max(-lamports, 0), Math.Max(lamports, 0));
    }

    /// <param name="Fees">Lamports, as the others but the first.</param>
    private readonly record struct Moved(long MicroNos, long Fees, long RentPaid, long RentReturned)
    {
        public static Moved operator +(Moved one, Moved other) => checked(new Moved(
            one.MicroNos + other.MicroNos, one.Fees + other.Fees, one.RentPaid + other.RentPaid, one.RentReturned + other.RentReturned));
    }
}
