namespace Nosana.Node.Journal;

/// <summary>What runs brought and cost. It outlives them: <see cref="Prune"/> leaves it alone.</summary>
internal sealed partial class JournalStore
{
    /// <summary>For runs that were closed before there was a ledger.</summary>
    public const string OpenLedgerOfClosedRuns =
        $"""
        INSERT OR IGNORE INTO ledger (run, job, market, state, ended_at)
            SELECT run, job, market, '{LedgerEntry.Open}', updated_at FROM runs WHERE phase = 'Closed';
        INSERT OR IGNORE INTO ledger_transactions (signature, run, kind)
            SELECT signature, run, substr(intent, 1, instr(intent, ':') - 1)
            FROM transactions JOIN runs ON intent IN ('finish:' || run, 'complete:' || run, 'quit:' || run)
            WHERE state = 'confirmed' AND phase = 'Closed';
        """;

    /// <summary>Writes what is known of an entry; of its run's end nothing changes.</summary>
    public void Save(LedgerEntry entry, IReadOnlyCollection<LedgerTransaction> transactions) => Together(() =>
    {
        Execute(
            """
            UPDATE ledger SET market = @Market, state = @State, outcome = @Outcome, price = @Price, seconds = @Seconds, earned = @Earned, received = @Received,
                fees = @Fees, rent_paid = @RentPaid, rent_returned = @RentReturned, checked_at = @Now WHERE run = @Run
            """,
            new
            {
                entry.Market,
                entry.State,
                entry.Outcome,
                entry.Price,
                entry.Seconds,
                entry.Earned,
                entry.Received,
                entry.Fees,
                entry.RentPaid,
                entry.RentReturned,
                Now,
                entry.Run,
            });
        foreach (LedgerTransaction transaction in transactions)
            Execute("INSERT OR IGNORE INTO ledger_transactions (signature, run, kind) VALUES (@Signature, @Run, @Kind)", transaction);
    });

    /// <summary>Entries of runs that ended in a span of time, Unix milliseconds, oldest first.</summary>
    public IReadOnlyList<LedgerEntry> Ledger(long from = 0, long before = long.MaxValue) =>
        Read<LedgerEntry>("SELECT * FROM ledger WHERE ended_at >= @from AND ended_at < @before ORDER BY ended_at, rowid", new { from, before });

    public LedgerEntry? FindLedgerEntry(string run) => Read<LedgerEntry>("SELECT * FROM ledger WHERE run = @run", new { run }).FirstOrDefault();

    /// <summary>Entries that the chain has not confirmed and that ended at or after a time, oldest first.</summary>
    public IReadOnlyList<LedgerEntry> UnconfirmedLedger(long from) => Read<LedgerEntry>(
        $"SELECT * FROM ledger WHERE state <> '{LedgerEntry.Confirmed}' AND ended_at >= @from ORDER BY ended_at, rowid", new { from });

    public IReadOnlyList<LedgerTransaction> LedgerTransactions(string run) =>
        Read<LedgerTransaction>("SELECT signature, run, kind FROM ledger_transactions WHERE run = @run ORDER BY rowid", new { run });

    /// <summary>Each transaction belongs to one run: of those that took a place in a queue or a job, the newest that belongs to none is this one's.</summary>
    private void OpenLedger(string run)
    {
        Execute(
            $"""
            INSERT INTO ledger (run, job, market, state, ended_at) SELECT run, job, market, '{LedgerEntry.Open}', updated_at FROM runs WHERE run = @run
            ON CONFLICT (run) DO UPDATE SET state = '{LedgerEntry.Open}', checked_at = NULL, ended_at = excluded.ended_at
            """,
            new { run });
        Execute(
            """
            INSERT OR IGNORE INTO ledger_transactions (signature, run, kind)
            SELECT signature, @run, substr(intent, 1, instr(intent, ':') - 1) FROM transactions
            WHERE state = 'confirmed' AND intent IN ('finish:' || @run, 'complete:' || @run, 'quit:' || @run)
            """,
            new { run });
        Execute(
            """
            INSERT OR IGNORE INTO ledger_transactions (signature, run, kind)
            SELECT signature, @run, 'work' FROM transactions
            WHERE state = 'confirmed' AND intent LIKE 'work:%' AND signature NOT IN (SELECT signature FROM ledger_transactions)
                AND NOT EXISTS (SELECT 1 FROM ledger_transactions WHERE run = @run AND kind = 'work')
                AND updated_at <= (SELECT claimed_at FROM runs WHERE run = @run)
            ORDER BY updated_at DESC, rowid DESC LIMIT 1
            """,
            new { run });
    }
}
