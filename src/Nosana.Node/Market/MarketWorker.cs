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
    SettlementOutbox outbox,
    Reconciler reconciler,
    RefusalPolicy refusals,
    HostWallet wallet,
    MarketSlot slot,
    SlotStatus status,
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

    /// <summary>
    /// How often a slot that waits looks whether the machine can serve: an engine that hangs, or a full disk, is to be out of the queue within 20 s.
    /// </summary>
    public static readonly TimeSpan HealthInterval = TimeSpan.FromSeconds(10);

    /// <summary>A run that nothing could be done with is looked at again after this.</summary>
    public static readonly TimeSpan IgnoredInterval = TimeSpan.FromSeconds(30);

    private readonly Dictionary<PublicKey, DateTimeOffset> _ignoredUntil = [];

    /// <summary>A run that a notification showed: the nodes that are asked may not list it yet.</summary>
    private ObservedRun? _notified;

    /// <summary>What the start or the last job needed of memory was given back.</summary>
    private bool _isLean;
    private CancellationToken _woken;

    /// <summary>Works until the agent exits, or has drained; containers of a running job are left to be adopted, the queue is left.</summary>
    public async Task RunAsync(CancellationToken exiting)
    {
        ResiliencePipeline turns = RetryPipelines.Create(
            RetryPipelines.MarketTurn,
            time,
            e => !(e is OperationCanceledException && exiting.IsCancellationRequested),
            (e, wait) =>
            {
                if (e is RpcException or RpcUnavailableException or TransactionRefusedException or TransactionExpiredException or MarketGoneException
                    or StillQueuedException or EngineException or JournalFullException)
                    LogStepFailed(e.Message, wait);
                else LogStepBroken(e, wait);
                status.Show($"Trying again in {wait.TotalSeconds} s: {e.Message}");
            });
        try
        {
            while (!intake.IsDrained)
                await turns.ExecuteAsync(async token => await StepAsync(token), exiting);
        }
        catch (OperationCanceledException) when (exiting.IsCancellationRequested)
        {
            // the agent exits
        }
        status.Show("Stopping");
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
                if (!session.Knows(run.Address)) await session.GiveBackAsync(run, slot, cancel);
        }
        catch (Exception e) when (e is RpcException or RpcUnavailableException or TransactionRefusedException or TransactionExpiredException
            or MarketGoneException or StillQueuedException or OperationCanceledException or JournalFullException)
        {
            LogLeaveFailed(e.Message);
        }
        await session.RemovePreparedAsync(slot, cancel);
    }

    /// <summary>One turn: serve what is ours, else wait out a back-off, else be in the queue and wait for a run.</summary>
    public async Task StepAsync(CancellationToken exiting)
    {
        _woken = intake.Woken;
        if (TakeNotified() is { } told)
        {
            await ServeAsync(told, exiting);
            return;
        }
        IReadOnlyList<ObservedRun> runs = await chain.RunsOfNodeAsync(wallet.Address, exiting);
        if (runs.FirstOrDefault(IsToServe) is { } mine)
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
            status.Show($"Out of the queue until {backOff.Until:u}: {backOff.Reason}", SlotActivity.HealthCheck);
            // Stepwise: a job may have been given to this host while it left the queue, and the next step asks for it.
            await queue.LeaveAsync(exiting);
            await WaitOutAsync(backOff, exiting);
            return;
        }
        if (await queue.FindAsync(exiting) is { } place)
        {
            LogPlace(place.Place + 1, place.Length, slot.Market);
            GiveMemoryBack();
            status.Show($"Queued: place {place.Place + 1} of {place.Length}", SlotActivity.Queued);
            idle.Begin();
            await WaitInQueueAsync(exiting);
            return;
        }
        // Leaving the queue and getting a run is one transaction: whoever is not queued asks for runs once more, or he would queue beside a run. And
        // what a closed run left here, or an engine that was away when a job ended and has found its containers again, would run beside the next job.
        if ((await reconciler.ReconcileAsync(exiting)).Any(IsToServe)) return;
        if (queue.IsPlaceMissed)
        {
            await WaitForRunAsync(Absence.Apart, exiting);
            return;
        }
        status.Show("Joining the queue", SlotActivity.JoiningMarket);
        _ = session.PrepareAsync(slot);
        await queue.JoinAsync(exiting);
    }

    /// <summary>
    /// Leaves the queue, and with it the market or all work. A run that came before it was left is the next step's: to lose the place and to get a run is
    /// one transaction, so whoever has neither after it gets none any more.
    /// </summary>
    private async Task LeaveForGoodAsync(CancellationToken exiting)
    {
        idle.End();
        status.Show(intake.IsDraining ? "Draining: leaving the queue" : $"Changing to market {intake.NextMarket!.Market}");
        try
        {
            await queue.LeaveAsync(exiting);
            if (await queue.FindAsync(exiting) is not null) return;
        }
        catch (MarketGoneException e)
        {
            LogLeaveFailed(e.Message); // its queue is gone with it
        }
        if ((await chain.RunsOfNodeAsync(wallet.Address, exiting)).Any(IsToServe)) return;
        if (intake.IsDraining)
        {
            LogDrained();
            if (outbox.Owed is var (runs, pins) && runs + pins > 0) LogOwed(runs, pins);
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
        queue.GivePlaceUp();
        GiveMemoryBack(); // of the job before: a market with more jobs than hosts has no waiting between them
        _isLean = false;
        status.Show($"Serving job {run.Run.Job}", SlotActivity.RunningJob);
        RunOutcome end = await session.ServeAsync(run, slot, exiting);
        switch (end.Kind)
        {
            case RunOutcomeKind.Served:
                refusals.Served();
                break;
            case RunOutcomeKind.Ignored:
                _ignoredUntil[run.Address] = time.GetUtcNow() + IgnoredInterval;
                break;
            case RunOutcomeKind.Settled:
                await Task.Delay(SettledInterval, time, exiting);
                break;
            case RunOutcomeKind.Refused when refusals.Refused(end.Cause, end.Reason) is { } backOff:
                LogOutOfQueue(backOff.Refusals, backOff.Reason, backOff.Length);
                break;
        }
    }

    /// <summary>Neither looked at in vain a moment ago, nor parked where its end is tried again and again.</summary>
    private bool IsToServe(ObservedRun run)
    {
        if (outbox.IsParked(run.Address)) return false;
        if (!_ignoredUntil.TryGetValue(run.Address, out DateTimeOffset until)) return true;
        if (time.GetUtcNow() < until) return false;
        _ignoredUntil.Remove(run.Address);
        return true;
    }

    /// <summary>Until there is a run, the machine is not well any more, or it is time to see whether the place is still there.</summary>
    private async Task WaitInQueueAsync(CancellationToken exiting)
    {
        for (TimeSpan waited = default; waited < PlaceInterval; waited += HealthInterval)
            if (await WaitForRunAsync(HealthInterval, exiting) || await health.ProblemAsync(exiting) is not null) return;
    }

    /// <summary>
    /// Between two jobs: the machine is there for them, a host may wait for days, and one job's large result would lie beside the next one's.
    /// </summary>
    private void GiveMemoryBack()
    {
        if (_isLean) return;
        _isLean = true;
        AgentMemory.GiveBack();
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

    /// <returns>Whether there is one.</returns>
    private async Task<bool> WaitForRunAsync(TimeSpan atMost, CancellationToken exiting)
    {
        using var look = new CancellationTokenSource(atMost, time);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(exiting, look.Token, _woken);
        try
        {
            _notified = await watcher.Seen.ReadAsync(cancel.Token);
            idle.End();
            return true;
        }
        catch (OperationCanceledException) when (!exiting.IsCancellationRequested)
        {
            return false; // time to look at the queue and the host again, or at what the operator has said
        }
    }

    /// <summary>The notified run, unless it is one that is left alone; whether it is there still, its session asks the chain.</summary>
    private ObservedRun? TakeNotified()
    {
        (ObservedRun? told, _notified) = (_notified, null);
        return told is not null && IsToServe(told) && !session.HasEnded(told.Address) ? told : null;
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

    [LoggerMessage(418, LogLevel.Warning, "{Runs} runs are not settled on chain yet, {Results} results are not pinned yet: keep the state directory, and start "
        + "the host again to have them settled")]
    private partial void LogOwed(int runs, int results);

    [LoggerMessage(477, LogLevel.Information, "The market is changed from {Old} to {New}")]
    private partial void LogChanged(PublicKey old, PublicKey @new);
}
