using Microsoft.Data.Sqlite;
using Nosana.Node.Journal;
using Nosana.Solana.Rpc;

namespace Nosana.Node.Market.Earnings;

/// <summary>
/// Keeps the ledger true to the chain: what has just ended is read within a minute, and at the start and once a day everything that the chain has not
/// confirmed yet.
/// </summary>
internal sealed partial class LedgerKeeper(LedgerReader reader, JournalStore journal, TimeProvider time, ILogger<LedgerKeeper> logger) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>In one go: some requests each, and the host's own work has the same endpoints.</summary>
    public const int EntriesAtOnce = 20;

    private static readonly TimeSpan WholeInterval = TimeSpan.FromDays(1);

    /// <summary>Older ones stay as they are: nodes keep transactions for some days, and a difference has been told by then.</summary>
    private static readonly TimeSpan Reach = TimeSpan.FromDays(30);

    private readonly DateTimeOffset _began = time.GetUtcNow();

    /// <summary>Once: of what is due, that which ended last.</summary>
    public async Task ReconcileAsync(CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        IEnumerable<LedgerEntry> due = journal.UnconfirmedLedger((now - Reach).ToUnixTimeMilliseconds()).Where(entry => IsDue(entry, now));
        foreach (LedgerEntry entry in due.Reverse().Take(EntriesAtOnce))
        {
            LedgerEntry read = await reader.ReadAsync(entry, cancel);
            if (read.State != entry.State && read.State is LedgerEntry.Differs or LedgerEntry.Missing)
                LogNotReceived(read.Job, read.State, read.Earned, read.Received);
        }
    }

    private bool IsDue(LedgerEntry entry, DateTimeOffset now)
    {
        if (entry.CheckedAt is not { } at) return true;
        DateTimeOffset looked = DateTimeOffset.FromUnixTimeMilliseconds(at);
        // A node that did not know it yet is asked again soon, until it has had its time.
        bool isFresh = entry.State == LedgerEntry.Recorded && looked - DateTimeOffset.FromUnixTimeMilliseconds(entry.EndedAt) < LedgerReader.Patience;
        return isFresh || looked < _began || now - looked >= WholeInterval;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ticks = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await ReconcileAsync(stoppingToken);
            }
            catch (Exception e) when (e is RpcException or RpcUnavailableException or SqliteException or JournalFullException)
            {
                LogNotRead(e.Message); // the rows stay as they are, and are looked at again
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogBroken(e); // accounts are no reason for a host to end
            }
        }
        while (await ticks.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(500, LogLevel.Warning, "The reward of job {Job} is {State}: {Earned} micro-NOS were earned, {Received} came in its transactions")]
    private partial void LogNotReceived(string job, string state, long? earned, long? received);

    [LoggerMessage(501, LogLevel.Debug, "The ledger could not be compared with the chain: {Problem}")]
    private partial void LogNotRead(string problem);

    [LoggerMessage(502, LogLevel.Error, "The ledger could not be kept by a fault of this program")]
    private partial void LogBroken(Exception exception);
}
