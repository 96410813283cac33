using System.Collections.Concurrent;
using Nosana.Ipfs;
using Nosana.JobDefinition;
using Nosana.JobDefinition.Faults;
using Nosana.Node.Chain;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.Admission;
using Nosana.Node.Jobs.State;
using Nosana.Node.Journal;
using Nosana.Node.Logs;
using Nosana.Node.Market.Confidential;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc;
using Nosana.Solana.Rpc.Streaming;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Market;

/// <summary>
/// Takes one run from the chain to its end: definition, admission, job, result, settlement. Every phase is journaled before
/// its side effects, so that the same method, called again after a kill, goes on where the last one was.
/// </summary>
internal sealed partial class RunSession(
    NosanaChain chain,
    IStreamingRpcClient? stream,
    DefinitionFetcher fetcher,
    SettlementOutbox outbox,
    JobRunnerFactory runners,
    JobContainers containers,
    JobReaper reaper,
    WorkIntake intake,
    ContainerDeadlines deadlines,
    JournalStore journal,
    LogStore output,
    HostWallet wallet,
    OwnerDesk desk,
    ConfidentialCourier courier,
    ChainClock clock,
    TimeProvider time,
    ILoggerFactory logs)
{
    private static readonly TimeSpan BetweenJobLooks = TimeSpan.FromSeconds(1);

    /// <summary>Faults of this program at one run after which it is ended as it is.</summary>
    private const int FaultsOfARun = 3;

    private readonly ILogger<RunSession> _logger = logs.CreateLogger<RunSession>();

    /// <summary>Runs that somebody here works at: the slot, or the look for what was left.</summary>
    private readonly ConcurrentDictionary<string, bool> _held = new(StringComparer.Ordinal);

    /// <summary>Makes ready, while the slot waits, what its next job would have to wait for. Never fails.</summary>
    public Task PrepareAsync(MarketSlot slot) => containers.PrepareAsync(wallet.Address, slot.Name);

    /// <summary>The slot takes no more jobs: removes what was made ready, unless one has it.</summary>
    public Task RemovePreparedAsync(MarketSlot slot, CancellationToken cancel) => containers.RemovePreparedAsync(wallet.Address, slot.Name, cancel);

    /// <exception cref="OperationCanceledException">The agent is exiting; the journal says where to go on.</exception>
    public async Task<RunOutcome> ServeAsync(ObservedRun observed, MarketSlot slot, CancellationToken exiting)
    {
        using IDisposable? scope = Scope(observed.Run.Job);
        if (!_held.TryAdd(observed.Address, true)) return RunOutcome.Settled; // what was taken for left is being ended: it is looked at again
        RunRecord record = ClaimOf(observed, slot);
        try
        {
            if (journal.FindRun(observed.Address) is { } known) record = known;
            else journal.Save(record);
            return await ServeAsync(record, observed, slot, exiting);
        }
        catch (JournalFullException e) when (record.Phase == RunPhase.Claimed)
        {
            return await SettleAsync(Refuse(record, RefusalCause.Host, e.Message), exiting);
        }
        catch (Exception e) when (!IsPassing(e, exiting))
        {
            return await IsolateAsync(record, e, exiting) is { } ended ? await SettleAsync(ended, exiting) : RunOutcome.Ignored;
        }
        finally
        {
            _held.TryRemove(observed.Address, out _);
        }
    }

    private async Task<RunOutcome> ServeAsync(RunRecord record, ObservedRun observed, MarketSlot slot, CancellationToken exiting)
    {
        PublicKey job = observed.Run.Job;
        if (record.Phase == RunPhase.Closed)
        {
            if (IntentsOf(observed.Address).Any(journal.HasLanded)) return RunOutcome.Settled;
            record = Reopen(record);
        }
        if (await FindJobAsync(job, exiting) is not { Value: { } account } look)
        {
            LogJobMissing(observed.Address);
            return RunOutcome.Ignored;
        }
        if (record.Phase is not (RunPhase.Claimed or RunPhase.Running)) return await SettleAsync(record, null, exiting);
        LogRun(record.Phase == RunPhase.Claimed ? "New run" : "Run taken up again", observed.Address, account.Timeout);
        return await SettleAsync(await RunAsync(record, observed, look, slot, exiting), exiting);
    }

    /// <summary>
    /// The job's account; null when two looks seconds apart, none of them from before the run was seen, do not show it. Even so it may come: the run is to
    /// be looked at again.
    /// </summary>
    private async Task<ChainLook<JobAccount?>?> FindJobAsync(PublicKey job, CancellationToken exiting)
    {
        var absence = new Absence(time);
        while (true)
        {
            ChainLook<JobAccount?> look = await chain.LookAtJobAsync(job, exiting);
            if (look.Value is not null) return look;
            if (absence.Missed(look.Slot)) return null;
            await Task.Delay(BetweenJobLooks, time, exiting);
        }
    }

    /// <summary>
    /// The journal closed a run that the chain still lists, and nothing of ours has ended it: a node that lagged behind did not list it then.
    /// </summary>
    private RunRecord Reopen(RunRecord record)
    {
        LogReopened(record.Run);
        record = record with
        {
            Phase = record switch
            {
                { ResultCid: not null } => RunPhase.Published,
                _ when journal.FindResult(record.Run) is not null => RunPhase.Ran,
                { Reason: not null } => RunPhase.Refused,
                _ => RunPhase.Claimed,
            },
        };
        journal.Save(record);
        return record;
    }

    private static string[] IntentsOf(string run) => [$"finish:{run}", $"quit:{run}"];

    private async Task<RunOutcome> SettleAsync(Ended end, CancellationToken exiting) => await SettleAsync(end.Record, end.Result, exiting);

    private async Task<RunOutcome> SettleAsync(RunRecord record, byte[]? result, CancellationToken exiting)
    {
        await outbox.SettleAsync(record, result, exiting); // what cannot be is parked there: the slot goes on
        return record.Phase == RunPhase.Refused ? RunOutcome.RefusedFor(record.Reason!) : RunOutcome.Served;
    }

    private async Task<Ended> RunAsync(
        RunRecord record, ObservedRun observed, ChainLook<JobAccount?> look, MarketSlot slot, CancellationToken exiting)
    {
        JobAccount account = look.Value!;
        using var control = new JobControl(exiting);
        using IDisposable here = desk.Open(record.Job, account, control);
        using CancellationTokenRegistration shutDown = intake.JobsEnd.Register(() => control.Stop(StopReason.HostShutDown));
        using var deadline = new JobDeadline(
            observed.Run.Time, control, clock, time, logs.CreateLogger<JobDeadline>(), (at, timeout) =>
            {
                deadlines.Write(record.Job, at);
                desk.Extended(record.Job, timeout);
            });
        var watcher = new JobWatcher(chain, stream, observed.Run.Job, deadline, control, time, logs.CreateLogger<JobWatcher>());
        watcher.Observe(account, look.Slot);
        if (record.Phase == RunPhase.Claimed && await deadline.IsOverAsync(exiting) && (await containers.FindAsync(record.Job, exiting)).Count == 0)
        {
            LogExpiredBeforeStart();
            deadlines.Remove(record.Job);
            return Refuse(record, RefusalCause.Job, "the job's time was up before this host saw the run: nobody shall pay for it");
        }
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(exiting);
        Task watch = watcher.WatchAsync(watching.Token);
        try
        {
            LoadedDefinition definition;
            if (record.Phase == RunPhase.Claimed)
            {
                _ = PrepareAsync(slot); // there already, unless somebody has pruned
                (Ended admitted, LoadedDefinition? loaded) = await AdmitAsync(record, account, slot, deadline.AtHere, control, exiting);
                if (loaded is null)
                {
                    deadlines.Remove(record.Job); // nothing of it has run
                    return admitted;
                }
                (record, definition) = (admitted.Record, loaded);
            }
            else
            {
                definition = Journaled(record);
            }
            return await RunJobAsync(record, definition, account.Project, slot, control, account.Timeout);
        }
        finally
        {
            await watching.CancelAsync();
            await watch;
        }
    }

    /// <returns>The record in phase <see cref="RunPhase.Running"/>, and the definition, when the job is to be run; else in the phase of its end.</returns>
    private async Task<(Ended End, LoadedDefinition? Definition)> AdmitAsync(
        RunRecord record, JobAccount account, MarketSlot slot, DateTimeOffset? deadline, JobControl control, CancellationToken exiting)
    {
        FetchedDefinition fetched = await fetcher.FetchAsync(Cid.FromDigest(account.IpfsJob), deadline, control.StopToken, exiting);
        if (fetched.Utf8Json is null && control.Reason == StopReason.Stopped)
        {
            LogStoppedBeforeStart();
            return (Ran(record, FlowResults.EndedBeforeStart(StopReason.Stopped, time), StopReason.Stopped.Word), null);
        }
        if (control.Reason == StopReason.HostShutDown) return (Refuse(record, RefusalCause.Job, StopReason.HostShutDown.BeforeStart!), null);
        if (fetched.Missing is { } missing)
        {
            LogMissing(missing);
            return (Ran(record, FlowResults.Failed(missing, time), "no definition"), null);
        }
        if (fetched.Trouble is { } trouble) return (Refuse(record, RefusalCause.Job, trouble), null);
        if (fetched.Fault is { } fault) return (Invalid(record, [fault]), null);
        byte[] json = fetched.Utf8Json!;
        LoadedDefinition loaded = DefinitionLoader.Load(json);
        if (loaded.Definition?.Logistics is { } logistics)
        {
            (byte[]? received, Ended? end) = await ReceiveAsync(record, logistics, json, control, exiting);
            if (received is null) return (end!, null);
            (json, loaded) = (received, DefinitionLoader.Load(received));
        }
        foreach (DefinitionFault warning in loaded.Warnings) LogWarning(warning);
        if (!loaded.CanRun) return (await HandOverAsync(record, InvalidState(loaded.Faults), InvalidDefinition, exiting), null);
        if (JobAdmission.Check(loaded.Definition, slot.Gpus()) is { } refusal)
            return (Refuse(record, refusal.ConcernsHost ? RefusalCause.Host : RefusalCause.Job, refusal.Reason), null);
        record = record with { Phase = RunPhase.Running };
        journal.Admit(record, json);
        return (new Ended(record), loaded);
    }

    /// <param name="timeout">Seconds that the job was paid for; 0 where that is not known.</param>
    private async Task<Ended> RunJobAsync(
        RunRecord record, LoadedDefinition definition, string project, MarketSlot slot, JobControl control, long timeout = 0)
    {
        // An earlier version, with other limits, may have admitted it; and of a damaged journal nothing is run.
        if (!definition.CanRun) return Invalid(record, definition.Faults);
        JobRunner runner = runners.Create(
            RequestOf(record, definition, project, slot, timeout), control, parts => Keep(record.Job, () => journal.SaveFlow(record.Run, parts)));
        JobOutcome outcome = await runner.RunAsync();
        if (outcome.HostFault is { } fault) return Refuse(record, RefusalCause.Host, fault);
        string reason = control.Reason?.Word ?? "completed";
        Ended end = await HandOverAsync(record, outcome.State, reason, control.AgentExiting);
        LogEnded(outcome.State.Status, reason);
        return end;
    }

    private JobRequest RequestOf(RunRecord record, LoadedDefinition loaded, string project, MarketSlot slot, long timeout) => new()
    {
        Job = record.Job,
        Run = record.Run,
        Project = project,
        Host = wallet.Address,
        Definition = loaded.Definition!,
        Plan = loaded.Plan!,
        Slot = new JobSlot(slot.Name, [.. slot.Gpus().Gpus.Select(gpu => gpu.Uuid)]),
        Timeout = timeout > 0 ? TimeSpan.FromSeconds(Math.Min(timeout, int.MaxValue)) : null,
        Resume = FlowParts.Read(record.Job, loaded.Definition!, [.. journal.FindFlow(record.Run).Where(part => part.Name != LogisticsPart)]),
    };

    /// <summary>The definition of a run that an earlier agent admitted.</summary>
    private LoadedDefinition Journaled(RunRecord record)
    {
        RecallSecret(record.Run);
        return DefinitionLoader.Load(journal.FindDefinition(record.Run));
    }

    private const string InvalidDefinition = "invalid definition";

    private Ended Invalid(RunRecord record, IReadOnlyList<DefinitionFault> faults) => Ran(record, InvalidState(faults), InvalidDefinition);

    private FlowState InvalidState(IReadOnlyList<DefinitionFault> faults)
    {
        LogInvalid(faults.Count, faults[0]);
        return FlowResults.Invalid(faults, time);
    }

    private Ended Refuse(RunRecord record, RefusalCause cause, string reason)
    {
        LogRefused(reason);
        record = record with { Phase = RunPhase.Refused, Reason = $"{cause}:{reason}" };
        Keep(record.Job, () => journal.GiveBack(record));
        ForgetSecret(record);
        return new Ended(record);
    }

    private Ended Ran(RunRecord record, FlowState state, string reason)
    {
        record = record with { Phase = RunPhase.Ran, Reason = reason };
        byte[] result = ResultJson.Write(state);
        Keep(record.Job, () => journal.Finish(record, result));
        ForgetSecret(record);
        return new Ended(record, result);
    }

    /// <summary>
    /// Writes of a job that goes on, or has ended, also when the journal's disk is full: the job's own output is the first thing given up for it, and
    /// then what is not kept is known to the chain and by its containers' labels.
    /// </summary>
    private void Keep(string job, Action write)
    {
        try
        {
            try
            {
                write();
            }
            catch (JournalFullException)
            {
                output.GiveUp(job);
                write();
            }
        }
        catch (JournalFullException e)
        {
            LogNotKept(e.Message);
        }
    }

    private RunRecord ClaimOf(ObservedRun observed, MarketSlot slot) => new()
    {
        Run = observed.Address,
        Job = observed.Run.Job,
        Market = slot.Market,
        Phase = RunPhase.Claimed,
        ClaimedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
    };

    /// <param name="Record">
    /// In phase <see cref="RunPhase.Ran"/> or <see cref="RunPhase.Refused"/>; while it is admitted, <see cref="RunPhase.Running"/>.
    /// </param>
    /// <param name="Result">What came of it, JSON in UTF-8.</param>
    private sealed record Ended(RunRecord Record, byte[]? Result = null);

    private IDisposable? Scope(PublicKey job) => _logger.BeginScope(new Dictionary<string, object> { ["job"] = job.Key });

    [LoggerMessage(460, LogLevel.Information, "{What} {Run}, timeout {Timeout} s")]
    private partial void LogRun(string what, PublicKey run, long timeout);

    [LoggerMessage(461, LogLevel.Warning, "Run {Run} names a job account that the chain does not show: it is left for now. "
        + "If there is none, only an administrator can clear it")]
    private partial void LogJobMissing(PublicKey run);

    [LoggerMessage(462, LogLevel.Warning, "The definition is invalid, {Count} faults, the first: {Fault}")]
    private partial void LogInvalid(int count, DefinitionFault fault);

    [LoggerMessage(449, LogLevel.Warning, "There is no definition to run: {Problem}")]
    private partial void LogMissing(string problem);

    [LoggerMessage(463, LogLevel.Warning, "Definition: {Warning}")]
    private partial void LogWarning(DefinitionFault warning);

    [LoggerMessage(464, LogLevel.Warning, "Refused, the run is given back: {Reason}")]
    private partial void LogRefused(string reason);

    [LoggerMessage(465, LogLevel.Information, "Job ended: {Status} ({Reason})")]
    private partial void LogEnded(string status, string reason);

    [LoggerMessage(467, LogLevel.Warning, "The job's time was up before it could start")]
    private partial void LogExpiredBeforeStart();

    [LoggerMessage(469, LogLevel.Information, "The poster ended the job before it could start")]
    private partial void LogStoppedBeforeStart();

    [LoggerMessage(446, LogLevel.Warning, "Run {Run} was taken for closed, but the chain lists it: it is taken up again")]
    private partial void LogReopened(string run);

    [LoggerMessage(435, LogLevel.Error, "What the job does is not kept, so that less of it is known after a restart: {Problem}")]
    private partial void LogNotKept(string problem);
}
