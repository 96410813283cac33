using Microsoft.Data.Sqlite;
using Nosana.Node.Chain;
using Nosana.Node.Engine;
using Nosana.Node.Journal;
using Nosana.Node.Retries;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc;
using Nosana.Solana.Wallet;
using Polly;

namespace Nosana.Node.Market;

/// <summary>
/// Keeps one slot at work: takes up what is running on chain, queues when nothing is, serves what comes, and is back in
/// the queue at once. The chain is the truth; each step asks it.
/// </summary>
internal sealed partial class MarketWorker(
    NosanaChain chain,
    RunWatcher watcher,
    MarketQueue queue,
    RunSession session,
    RefusalPolicy refusals,
    JournalStore journal,
    HostWallet wallet,
    MarketSlot slot,
    ServedMarket served,
    WorkIntake intake,
    IHostHealth health,
    IdleTaskRunner idle,
    TimeProvider time,
    ILogger<MarketWorker> logger)
{
    /// <summary>How often a slot that waits looks whether it is still queued; a place can be lost to the market's authority.</summary>
    public static readonly TimeSpan PlaceInterval = TimeSpan.FromMinutes(1);

    /// <summary>How often a back-off looks whether its reason is gone.</summary>
    public static readonly TimeSpan BackOffInterval = TimeSpan.FromSeconds(15);

    /// <summary>A node that does not know yet what was settled is asked again after this.</summary>
    private static readonly TimeSpan SettledInterval = TimeSpan.FromSeconds(1);

    private readonly HashSet<PublicKey> _ignored = [];
    /// <summary>What the start or the last job needed of memory was given back.</summary>
    private bool _isLean;
    private CancellationToken _woken;
    private volatile SlotState _state = new("Starting", time.GetUtcNow());

    /// <summary>What the slot does now.</summary>
    public SlotState State => _state;

    /// <summary>After each change of <see cref="State"/>, on the worker's own thread.</summary>
    public event Action? StateChanged;

    /// <summary>Works until the agent exits, or has drained; containers of a running job are left to be adopted, the queue is left.</summary>
    public async Task RunAsync(CancellationToken exiting)
    {
        bool recovered = false;
        ResiliencePipeline turns = RetryPipelines.Create(
            RetryPipelines.MarketTurn,
            time,
            e => !(e is OperationCanceledException && exiting.IsCancellationRequested),
            (e, wait) =>
            {
                if (e is RpcException or RpcUnavailableException or TransactionRefusedException or TransactionExpiredException or MarketGoneException
                    or EngineException)
                    LogStepFailed(e.Message, wait);
                else LogStepBroken(e, wait);
                Show($"Trying again in {wait.TotalSeconds} s: {e.Message}");
                // What failed may have left a run of the journal that the chain closes in the meantime: it is looked for again.
                recovered = false;
            });
        try
        {
            while (!intake.IsDrained)
                await turns.ExecuteAsync(async token =>
                {
                    if (!recovered) await RecoverAsync(token);
                    recovered = true;
                    await StepAsync(token);
                }, exiting);
        }
        catch (OperationCanceledException) when (exiting.IsCancellationRequested)
        {
            // the agent exits
        }
        Show("Stopping");
        await idle.StopAsync();
    }

    /// <summary>Gives the place in the queue up, so that no job is given to a host that is gone.</summary>
    public async Task LeaveAsync(CancellationToken cancel)
    {
        try
        {
            await queue.LeaveAsync(cancel);
            // One that was given to this host since its last look: nobody would know of it until the next start.
            foreach (ObservedRun run in await chain.RunsOfNodeAsync(wallet.Address, cancel))
                if (!_ignored.Contains(run.Address) && journal.FindRun(run.Address) is null) await session.GiveBackAsync(run, slot, cancel);
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException or TransactionRefusedException or TransactionExpiredException
            or MarketGoneException or OperationCanceledException or SqliteException)
        {
            LogLeaveFailed(e.Message);
        }
    }

    /// <summary>Settles runs of the journal that ended here and that the chain does not list any more (ended by their posters).</summary>
    private async Task RecoverAsync(CancellationToken exiting)
    {
        HashSet<string> onChain = [.. (await chain.RunsOfNodeAsync(wallet.Address, exiting)).Select(run => run.Address.Key)];
        foreach (RunRecord record in journal.OpenRuns())
        {
            if (onChain.Contains(record.Run) || record.Market != slot.Market) continue;
            // A job that is neither done nor given back has a run: the node that was asked lags behind, and the run will be listed.
            if (await chain.FindJobAsync(new PublicKey(record.Job), exiting) is { State: JobState.Queued }) continue;
            await session.EndOrphanAsync(record, slot, exiting);
        }
        await session.RemoveLeftoversAsync(exiting);
    }

    /// <summary>One turn: serve what is ours, else wait out a back-off, else be in the queue and wait for a run.</summary>
    public async Task StepAsync(CancellationToken exiting)
    {
        _woken = intake.Woken;
        IReadOnlyList<ObservedRun> runs = await chain.RunsOfNodeAsync(wallet.Address, exiting);
        if (runs.FirstOrDefault(run => !_ignored.Contains(run.Address)) is { } mine)
        {
            await ServeAsync(mine, exiting);
            return;
        }
        if (intake.IsDraining || intake.NextMarket is not null)
        {
            await LeaveForGoodAsync(exiting);
            return;
        }
        if (refusals.Current is null && await health.ProblemAsync(exiting) is { } problem && refusals.Refused(RefusalCause.Host, problem) is { } off)
            LogOutOfQueue(off.Refusals, off.Reason, off.Length);
        if (refusals.Current is { } backOff)
        {
            idle.End();
            Show($"Out of the queue until {backOff.Until:u}: {backOff.Reason}");
            // Stepwise: a job may have been given to this host while it left the queue, and the next step asks for it.
            await queue.LeaveAsync(exiting);
            await WaitOutAsync(backOff, exiting);
            return;
        }
        if (await queue.FindAsync(exiting) is { } place)
        {
            LogPlace(place.Place + 1, place.Length, slot.Market);
            GiveMemoryBack();
            Show($"Queued: place {place.Place + 1} of {place.Length}");
            idle.Begin();
            await WaitForRunAsync(PlaceInterval, exiting);
            return;
        }
        // Leaving the queue and getting a run is one transaction: whoever is not queued asks for runs once more, or he would queue beside a run.
        if ((await chain.RunsOfNodeAsync(wallet.Address, exiting)).Any(run => !_ignored.Contains(run.Address))) return;
        // An engine that was away when a job ended has found its containers again, and they would run beside the next job's.
        await session.RemoveLeftoversAsync(exiting);
        Show("Joining the queue");
        await queue.JoinAsync(exiting);
    }

    /// <summary>
    /// Leaves the queue, and with it the market or all work. A run that came before it was left is the next step's: to lose the place and to get a run is
    /// one transaction, so whoever has neither after it gets none any more.
    /// </summary>
    private async Task LeaveForGoodAsync(CancellationToken exiting)
    {
        idle.End();
        Show(intake.IsDraining ? "Draining: leaving the queue" : $"Changing to market {intake.NextMarket!.Market}");
        try
        {
            await queue.LeaveAsync(exiting);
            if (await queue.FindAsync(exiting) is not null) return;
        }
        catch (MarketGoneException e)
        {
            LogLeaveFailed(e.Message); // its queue is gone with it
        }
        if ((await chain.RunsOfNodeAsync(wallet.Address, exiting)).Any(run => !_ignored.Contains(run.Address))) return;
        if (intake.IsDraining)
        {
            LogDrained();
            intake.MarkDrained();
        }
        else if (intake.TakeNextMarket() is { } next)
        {
            LogChanged(served.Current.Market, next.Market);
            served.Change(next);
        }
    }

    private async Task ServeAsync(ObservedRun run, CancellationToken exiting)
    {
        idle.End();
        GiveMemoryBack(); // of the job before: a market with more jobs than hosts has no waiting between them
        _isLean = false;
        Show($"Serving job {run.Run.Job}", isServing: true);
        RunOutcome end = await session.ServeAsync(run, slot, exiting);
        switch (end.Kind)
        {
            case RunOutcomeKind.Served:
                refusals.Served();
                break;
            case RunOutcomeKind.Ignored:
                _ignored.Add(run.Address);
                break;
            case RunOutcomeKind.Settled:
                await Task.Delay(SettledInterval, time, exiting);
                break;
            case RunOutcomeKind.Refused when refusals.Refused(end.Cause, end.Reason) is { } backOff:
                LogOutOfQueue(backOff.Refusals, backOff.Reason, backOff.Length);
                break;
        }
    }

    /// <summary>
    /// Between two jobs: the machine is there for them, and a host may wait for days. Of itself the garbage collector takes its time while nobody else
    /// asks for memory, and one job's large result would lie beside the next one's.
    /// </summary>
    private void GiveMemoryBack()
    {
        if (_isLean) return;
        _isLean = true;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    /// <summary>Waits for a part of the back-off, or for a run; ends the back-off when its time is up or its reason gone.</summary>
    private async Task WaitOutAsync(QueueBackOff backOff, CancellationToken exiting)
    {
        TimeSpan left = backOff.Until - time.GetUtcNow();
        if (left > TimeSpan.Zero && (backOff.Cause != RefusalCause.Host || await health.ProblemAsync(exiting) is not null))
        {
            await WaitForRunAsync(left < BackOffInterval ? left : BackOffInterval, exiting);
            return;
        }
        refusals.Resume();
        LogResuming(backOff.Reason);
    }

    private async Task WaitForRunAsync(TimeSpan atMost, CancellationToken exiting)
    {
        using var look = new CancellationTokenSource(atMost, time);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(exiting, look.Token, _woken);
        try
        {
            await watcher.Seen.ReadAsync(cancel.Token); // which runs there are, the next step asks the chain
            idle.End();
        }
        catch (OperationCanceledException) when (!exiting.IsCancellationRequested)
        {
            // time to look at the queue and the host again, or at what the operator has said
        }
    }

    private void Show(string text, bool isServing = false)
    {
        _state = new SlotState(text, time.GetUtcNow(), isServing);
        StateChanged?.Invoke();
    }

    [LoggerMessage(470, LogLevel.Information, "In the queue: place {Place} of {Length}, market {Market}")]
    private partial void LogPlace(int place, int length, PublicKey market);

    [LoggerMessage(471, LogLevel.Error, "Out of the queue after {Refusals} refusals in a row, for {Length}: {Reason}. "
        + "A host that refuses what comes would drain the market's queue")]
    private partial void LogOutOfQueue(int refusals, string reason, TimeSpan length);

    [LoggerMessage(472, LogLevel.Information, "Queueing again after the back-off for: {Reason}")]
    private partial void LogResuming(string reason);

    [LoggerMessage(473, LogLevel.Warning, "Market step failed, next try in {Delay}: {Problem}")]
    private partial void LogStepFailed(string problem, TimeSpan delay);

    [LoggerMessage(474, LogLevel.Error, "Market step failed by a fault of this program, next try in {Delay}")]
    private partial void LogStepBroken(Exception exception, TimeSpan delay);

    [LoggerMessage(475, LogLevel.Warning, "The queue could not be left: {Problem}. A job given to this host while it is away waits for its return")]
    private partial void LogLeaveFailed(string problem);

    [LoggerMessage(476, LogLevel.Information, "Drained: no job is left, and none will come")]
    private partial void LogDrained();

    [LoggerMessage(477, LogLevel.Information, "The market is changed from {Old} to {New}")]
    private partial void LogChanged(PublicKey old, PublicKey @new);
}
