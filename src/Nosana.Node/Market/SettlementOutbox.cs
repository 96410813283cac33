using System.Collections.Concurrent;
using System.Threading.Channels;
using Nosana.Ipfs;
using Nosana.Node.Chain;
using Nosana.Node.Jobs.State;
using Nosana.Node.Journal;
using Nosana.Node.Retries;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Market;

/// <summary>
/// What runs that have ended are still owed: their end on chain, and that their result can be fetched. A run's end is tried at once; one that the
/// chain refuses again and again is parked, so that it never holds the slot, and tried again beside the slot's work, as are results that nobody has.
/// </summary>
internal sealed partial class SettlementOutbox(
    ResultPublisher publisher, OwedResults owed, RunSettlement settlement, JobResults results, JournalStore journal, TimeProvider time,
    ILogger<SettlementOutbox> logger)
    : BackgroundService
{
    /// <summary>How often it is seen what is due.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<string, Task<bool>> _settling = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Parked> _parked = new(StringComparer.Ordinal);
    private readonly Channel<bool> _due = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The chain refuses this run's end, which is tried again beside the slot's work.</summary>
    public bool IsParked(string run) => _parked.ContainsKey(run);

    /// <summary>Why no new work is to be taken; null when nothing is owed for long.</summary>
    public string? Problem => owed.Problem;

    /// <summary>How many runs the chain has not closed yet, and how many results no service has.</summary>
    public (int Runs, int Pins) Owed => (journal.OpenRuns().Count, journal.Owing(ResultDebt.Pin).Count);

    /// <summary>Ends a run on chain, with its result published before when that is soon done.</summary>
    /// <param name="record">In phase <see cref="RunPhase.Ran"/> or later.</param>
    /// <param name="result">Its result, where the journal has it not.</param>
    /// <param name="exiting">The agent exits; the journal says where to go on.</param>
    /// <returns>False when the chain refuses it: it is parked.</returns>
    public Task<bool> SettleAsync(RunRecord record, byte[]? result, CancellationToken exiting)
    {
        // The worker and the look for what is due may mean the same run: whoever comes second waits for the first.
        var mine = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Task<bool> first = _settling.GetOrAdd(record.Run, mine.Task);
        return first == mine.Task ? SettleAsync(record, result, mine, exiting) : first.WaitAsync(exiting);
    }

    /// <summary>A run has ended that nobody settles: what is due is looked at now.</summary>
    public void Wake() => _due.Writer.TryWrite(true);

    /// <summary>Once: every parked run that is due, every run that ended and was left so, every result that nobody has.</summary>
    public async Task WorkAsync(CancellationToken cancel)
    {
        await owed.WorkAsync(cancel);
        foreach (RunRecord record in journal.OpenRuns())
        {
            if (record.Phase is RunPhase.Claimed or RunPhase.Running) continue;
            if (_parked.TryGetValue(record.Run, out Parked? parked) && time.GetUtcNow() < parked.Due) continue;
            if (!_settling.ContainsKey(record.Run)) await SettleAsync(record, null, cancel);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WorkAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                LogBroken(e); // of one run; the others, and the next look, go on
            }
            using var interval = new CancellationTokenSource(Interval, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, interval.Token);
            try
            {
                await _due.Reader.ReadAsync(either.Token);
            }
            catch (OperationCanceledException)
            {
                // nobody has woken it: it is time to look, or the agent exits
            }
        }
    }

    private async Task<bool> SettleAsync(RunRecord record, byte[]? result, TaskCompletionSource<bool> mine, CancellationToken exiting)
    {
        try
        {
            bool settled = await SettleOnceAsync(record, result, exiting);
            mine.SetResult(settled);
            return settled;
        }
        catch (Exception e)
        {
            mine.SetException(e);
            _ = mine.Task.Exception; // whether anybody else waits for it, or not
            throw;
        }
        finally
        {
            _settling.TryRemove(record.Run, out _);
        }
    }

    private async Task<bool> SettleOnceAsync(RunRecord record, byte[]? result, CancellationToken exiting)
    {
        var run = new PublicKey(record.Run);
        var job = new PublicKey(record.Job);
        try
        {
            if (record.Phase == RunPhase.Ran)
            {
                result ??= journal.FindResult(record.Run) ?? throw new JournalException($"The journal has lost the result of run {record.Run}.");
                PublishedResult published = await publisher.PublishAsync(result, larger => Shrink(record, larger), exiting);
                if (published.Debt == ResultDebt.Gateway) LogPublished(published.Cid);
                record = record with { Phase = RunPhase.Published, ResultCid = published.Cid.ToString(), Debt = published.Debt };
                Keep(() => journal.Save(record));
            }
            if (record.Phase == RunPhase.Refused) await settlement.QuitAsync(run, job, exiting);
            else await settlement.FinishAsync(run, job, Cid.Parse(record.ResultCid!), exiting);
        }
        catch (TransactionRefusedException e)
        {
            Parked before = _parked.GetValueOrDefault(record.Run) ?? new Parked(0, default);
            TimeSpan wait = RetryPipelines.ParkedSettlement.WaitAfter(before.Times + 1);
            _parked[record.Run] = new Parked(before.Times + 1, time.GetUtcNow() + wait);
            LogParked(record.Run, wait, e.Message);
            return false;
        }
        Keep(() => journal.Close(record));
        _parked.TryRemove(record.Run, out _);
        return true;
    }

    /// <summary>The result at half its size, by its output first; the journal has it from here on. Null when it gets no smaller.</summary>
    private byte[]? Shrink(RunRecord record, byte[] result)
    {
        byte[] smaller = ResultJson.Write(results.Of(record.Job, ResultJson.Read(result), result.Length / 2));
        if (smaller.Length >= result.Length) return null;
        Keep(() => journal.Finish(record, smaller));
        return smaller;
    }

    // A full disk keeps nobody from his result: the chain knows what was settled.
    private void Keep(Action write)
    {
        try
        {
            write();
        }
        catch (JournalFullException e)
        {
            LogNotKept(e.Message);
        }
    }

    /// <param name="Times">How often the chain has refused it.</param>
    /// <param name="Due">When it is tried again.</param>
    private sealed record Parked(int Times, DateTimeOffset Due);

    [LoggerMessage(466, LogLevel.Information, "Result published as {Cid}")]
    private partial void LogPublished(Cid cid);

    [LoggerMessage(438, LogLevel.Error, "Run {Run} cannot be settled and is tried again in {Delay}, beside other work: {Problem}")]
    private partial void LogParked(string run, TimeSpan delay, string problem);

    [LoggerMessage(437, LogLevel.Error, "What became of a run is not kept, and is asked of the chain after a restart: {Problem}")]
    private partial void LogNotKept(string problem);

    [LoggerMessage(436, LogLevel.Error, "Settling what is owed failed; it is tried again")]
    private partial void LogBroken(Exception exception);
}
