using Nosana.Node.Journal;
using Nosana.Solana.Rpc;

namespace Nosana.Node.Market.Earnings;

/// <summary>
/// Keeps the ledger true to the chain: what has just ended is read within a minute, and at the start and once a day everything that the chain has not
/// confirmed yet.
/// </summary>
internal sealed partial class LedgerKeeper(LedgerReader reader, JournalStore journal, TimeProvider time, ILogger<LedgerKeeper> logger) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1), WholeInterval = TimeSpan.FromDays(1);

    /// <summary>Older ones stay as they are: nodes keep transactions for some days, and a difference has been told by then.</summary>
    private static readonly TimeSpan Reach = TimeSpan.FromDays(30);

    private DateTimeOffset _wholeAt;

    /// <summary>Once: what is open, and what is due.</summary>
    public async Task ReconcileAsync(CancellationToken cancel)
    {
        DateTimeOffset now = time.GetUtcNow();
        bool whole = now >= _wholeAt;
        if (whole) _wholeAt = now + WholeInterval;
        foreach (LedgerEntry entry in journal.UnconfirmedLedger((now - Reach).ToUnixTimeMilliseconds()))
        {
            // A row that no node could confirm yet is asked for again soon; later once a day.
            bool isFresh = now - DateTimeOffset.FromUnixTimeMilliseconds(entry.EndedAt) < LedgerReader.Patience * 2;
            if (!whole && !(isFresh && entry.State is LedgerEntry.Open or LedgerEntry.Recorded)) continue;
            LedgerEntry read = await reader.ReadAsync(entry, cancel);
            if (read.State != entry.State && read.State is LedgerEntry.Differs or LedgerEntry.Missing)
                LogNotReceived(read.Job, read.State, read.Earned, read.Received);
        }
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
            catch (Exception e) when (e is RpcException or RpcUnavailableException)
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
