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
using Nosana.Programs.Accounts;
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
    ResultPublisher publisher,
    RunSettlement settlement,
    JobRunnerFactory runners,
    JobResults results,
    JobReaper reaper,
    WorkIntake intake,
    ContainerDeadlines deadlines,
    JournalStore journal,
    HostWallet wallet,
    TimeProvider time,
    ILoggerFactory logs)
{
    private const int JobLooks = 5;
    private static readonly TimeSpan BetweenJobLooks = TimeSpan.FromSeconds(1);

    private readonly ILogger<RunSession> _logger = logs.CreateLogger<RunSession>();

    /// <exception cref="OperationCanceledException">The agent is exiting; the journal says where to go on.</exception>
    public async Task<RunOutcome> ServeAsync(ObservedRun observed, MarketSlot slot, CancellationToken exiting)
    {
        PublicKey job = observed.Run.Job;
        using IDisposable? scope = Scope(job);
        RunRecord record = journal.FindRun(observed.Address) ?? Save(ClaimOf(observed, slot));
        if (record.Phase == RunPhase.Closed)
        {
            if (IntentsOf(observed.Address).Any(journal.HasLanded)) return RunOutcome.Settled;
            record = Reopen(record);
        }
        if (await FindJobAsync(job, exiting) is not { } account)
        {
            LogJobMissing(observed.Address);
            return RunOutcome.Ignored;
        }
        if (record.Phase is RunPhase.Claimed or RunPhase.Running)
        {
            LogRun(record.Phase == RunPhase.Claimed ? "New run" : "Run taken up again", observed.Address, account.Timeout);
            record = await RunAsync(record, observed, account, slot, exiting);
        }
        return await SettleAsync(record, exiting);
    }

    /// <summary>Ends a run of the journal that the chain does not list any more: its poster ended it while the agent was away.</summary>
    public async Task EndOrphanAsync(RunRecord record, MarketSlot slot, CancellationToken exiting)
    {
        using IDisposable? scope = Scope(new PublicKey(record.Job));
        LogOrphan(record.Run, record.Phase);
        if (record.Phase == RunPhase.Claimed)
        {
            journal.Close(record);
            return;
        }
        if (record.Phase == RunPhase.Running)
        {
            using var control = new JobControl(exiting);
            control.Stop(StopReason.Stopped);
            string project = await chain.FindJobAsync(new PublicKey(record.Job), exiting) is { } account ? account.Project.Key : "";
            record = await RunJobAsync(record, Journaled(record), project, slot, control);
        }
        await SettleAsync(record, exiting);
    }

    /// <summary>Gives a run back of which nothing was begun: the host ends, and nobody may come back for it.</summary>
    public async Task GiveBackAsync(ObservedRun observed, MarketSlot slot, CancellationToken cancel)
    {
        using IDisposable? scope = Scope(observed.Run.Job);
        await SettleAsync(Refuse(ClaimOf(observed, slot), RefusalCause.Job, "it came while the host was ending"), cancel);
    }

    /// <summary>Removes what earlier jobs of this host left on the engine and nobody will come back for.</summary>
    public async Task RemoveLeftoversAsync(CancellationToken exiting)
    {
        try
        {
            IReadOnlySet<string> left = await reaper.FindJobsAsync(wallet.Address, exiting);
            if (left.Count == 0) return;
            IReadOnlyList<ObservedRun> runs = await chain.RunsOfNodeAsync(wallet.Address, exiting);
            HashSet<string> open = [.. journal.OpenRuns().Select(run => run.Job), .. runs.Select(run => run.Run.Job.Key)];
            foreach (string job in left)
            {
                // Runs without a market have ids that are not addresses; one of them may go on beside this agent.
                if (open.Contains(job) || !PublicKey.TryParse(job, out _)) continue;
                LogLeftover(job);
                await reaper.RemoveAllOfJobAsync(job, exiting);
            }
        }
        catch (EngineException e)
        {
            LogLeftoversStay(e.Message); // before the next place in the queue it is tried again
        }
    }

    /// <summary>A node that lags behind may know a run before its job, which came in the same transaction.</summary>
    private async Task<JobAccount?> FindJobAsync(PublicKey job, CancellationToken exiting)
    {
        for (int look = 1; ; look++)
        {
            if (await chain.FindJobAsync(job, exiting) is { } account) return account;
            if (look == JobLooks) return null;
            await Task.Delay(BetweenJobLooks, time, exiting);
        }
    }

    /// <summary>
    /// The journal closed a run that the chain still lists, and nothing of ours has ended it: a node that lagged behind did not list it then.
    /// </summary>
    private RunRecord Reopen(RunRecord record)
    {
        LogReopened(record.Run);
        return Save(record with
        {
            Phase = record switch
            {
                { ResultCid: not null } => RunPhase.Published,
                _ when journal.FindResult(record.Run) is not null => RunPhase.Ran,
                { Reason: not null } => RunPhase.Refused,
                _ => RunPhase.Claimed,
            },
        });
    }

    private static string[] IntentsOf(string run) => [$"finish:{run}", $"quit:{run}"];

    private async Task<RunOutcome> SettleAsync(RunRecord record, CancellationToken exiting)
    {
        var run = new PublicKey(record.Run);
        var job = new PublicKey(record.Job);
        if (record.Phase == RunPhase.Refused)
        {
            await settlement.QuitAsync(run, job, exiting);
            journal.Close(record);
            return RunOutcome.RefusedFor(record.Reason!);
        }
        if (record.Phase == RunPhase.Ran)
        {
            PublishedResult published = await publisher.PublishAsync(ResultOf(record), larger => Shrink(record, larger), exiting);
            if (published.IsPinned) LogPublished(published.Cid);
            record = Save(record with { Phase = RunPhase.Published, ResultCid = published.Cid.ToString(), OwesPin = published.IsOwed });
        }
        if (record.Phase == RunPhase.Published)
        {
            await settlement.FinishAsync(run, job, Cid.Parse(record.ResultCid!), exiting);
            journal.Close(record);
        }
        return RunOutcome.Served;
    }

    private async Task<RunRecord> RunAsync(RunRecord record, ObservedRun observed, JobAccount account, MarketSlot slot, CancellationToken exiting)
    {
        using var control = new JobControl(exiting);
        using CancellationTokenRegistration shutDown = intake.JobsEnd.Register(() => control.Stop(StopReason.HostShutDown));
        using var deadline = new JobDeadline(
            observed.Run.Time, control, time, logs.CreateLogger<JobDeadline>(), at => deadlines.Write(record.Job, at));
        var watcher = new JobWatcher(chain, stream, observed.Run.Job, deadline, control, time, logs.CreateLogger<JobWatcher>());
        watcher.Observe(account);
        if (record.Phase == RunPhase.Claimed && deadline.At <= time.GetUtcNow())
        {
            LogExpiredBeforeStart();
            deadlines.Remove(record.Job);
            return Ran(record, FlowResults.EndedBeforeStart(StopReason.Expired, time), StopReason.Expired.Word);
        }
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(exiting);
        Task watch = watcher.WatchAsync(watching.Token);
        try
        {
            LoadedDefinition? definition = null;
            if (record.Phase == RunPhase.Claimed) (record, definition) = await AdmitAsync(record, account, slot, deadline.At, control, exiting);
            if (record.Phase != RunPhase.Running)
            {
                deadlines.Remove(record.Job); // nothing of it has run
                return record;
            }
            return await RunJobAsync(record, definition ?? Journaled(record), account.Project, slot, control, account.Timeout);
        }
        finally
        {
            await watching.CancelAsync();
            await watch;
        }
    }

    /// <returns>The record in phase <see cref="RunPhase.Running"/>, and the definition, when the job is to be run; else in the phase of its end.</returns>
    private async Task<(RunRecord Record, LoadedDefinition? Definition)> AdmitAsync(
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
        LoadedDefinition loaded = DefinitionLoader.Load(fetched.Utf8Json);
        foreach (DefinitionFault warning in loaded.Warnings) LogWarning(warning);
        if (!loaded.CanRun) return (Invalid(record, loaded.Faults), null);
        if (JobAdmission.Check(loaded.Definition, slot.Gpus()) is { } refusal)
            return (Refuse(record, refusal.ConcernsHost ? RefusalCause.Host : RefusalCause.Job, refusal.Reason), null);
        record = record with { Phase = RunPhase.Running };
        journal.Admit(record, fetched.Utf8Json!);
        return (record, loaded);
    }

    /// <param name="timeout">Seconds that the job was paid for; 0 where that is not known.</param>
    private async Task<RunRecord> RunJobAsync(
        RunRecord record, LoadedDefinition definition, string project, MarketSlot slot, JobControl control, long timeout = 0)
    {
        // An earlier version, with other limits, may have admitted it; and of a damaged journal nothing is run.
        if (!definition.CanRun) return Invalid(record, definition.Faults);
        JobRunner runner = runners.Create(RequestOf(record, definition, project, slot, timeout), control, parts => journal.SaveFlow(record.Run, parts));
        JobOutcome outcome = await runner.RunAsync();
        if (outcome.HostFault is { } fault) return Refuse(record, RefusalCause.Host, fault);
        string reason = control.Reason?.Word ?? "completed";
        LogEnded(outcome.State.Status, reason);
        return Ran(record, outcome.State, reason);
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
        Resume = FlowParts.Read(record.Job, loaded.Definition!, journal.FindFlow(record.Run)),
    };

    /// <summary>The definition of a run that an earlier agent admitted.</summary>
    private LoadedDefinition Journaled(RunRecord record) => DefinitionLoader.Load(journal.FindDefinition(record.Run));

    private RunRecord Invalid(RunRecord record, IReadOnlyList<DefinitionFault> faults)
    {
        LogInvalid(faults.Count, faults[0]);
        return Ran(record, FlowResults.Invalid(faults, time), "invalid definition");
    }

    private RunRecord Refuse(RunRecord record, RefusalCause cause, string reason)
    {
        LogRefused(reason);
        record = record with { Phase = RunPhase.Refused, Reason = $"{cause}:{reason}" };
        journal.GiveBack(record);
        return record;
    }

    private RunRecord Ran(RunRecord record, FlowState result, string reason)
    {
        record = record with { Phase = RunPhase.Ran, Reason = reason };
        journal.Finish(record, ResultJson.Write(result));
        return record;
    }

    /// <summary>The result at half its size, by its output first; the journal has it from here on. Null when it gets no smaller.</summary>
    private byte[]? Shrink(RunRecord record, byte[] result)
    {
        byte[] smaller = ResultJson.Write(results.Of(record.Job, ResultJson.Read(result), result.Length / 2));
        if (smaller.Length >= result.Length) return null;
        journal.Finish(record, smaller);
        return smaller;
    }

    private byte[] ResultOf(RunRecord record) =>
        journal.FindResult(record.Run) ?? throw new JournalException($"The journal has lost the result of run {record.Run}.");

    private RunRecord ClaimOf(ObservedRun observed, MarketSlot slot) => new()
    {
        Run = observed.Address,
        Job = observed.Run.Job,
        Market = slot.Market,
        Phase = RunPhase.Claimed,
        ClaimedAt = time.GetUtcNow().ToUnixTimeMilliseconds(),
    };

    private RunRecord Save(RunRecord record)
    {
        journal.Save(record);
        return record;
    }

    private IDisposable? Scope(PublicKey job) => _logger.BeginScope(new Dictionary<string, object> { ["job"] = job.Key });

    [LoggerMessage(460, LogLevel.Information, "{What} {Run}, timeout {Timeout} s")]
    private partial void LogRun(string what, PublicKey run, long timeout);

    [LoggerMessage(461, LogLevel.Warning, "Run {Run} names a job account that does not exist; only an administrator can clear it, it is ignored")]
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

    [LoggerMessage(466, LogLevel.Information, "Result published as {Cid}")]
    private partial void LogPublished(Cid cid);

    [LoggerMessage(467, LogLevel.Warning, "The job's time was up before it could start")]
    private partial void LogExpiredBeforeStart();

    [LoggerMessage(468, LogLevel.Information, "Run {Run} of the journal (phase {Phase}) was closed on chain while the agent was away")]
    private partial void LogOrphan(string run, RunPhase phase);

    [LoggerMessage(469, LogLevel.Information, "The poster ended the job before it could start")]
    private partial void LogStoppedBeforeStart();

    [LoggerMessage(446, LogLevel.Warning, "Run {Run} was taken for closed, but the chain lists it: it is taken up again")]
    private partial void LogReopened(string run);

    [LoggerMessage(447, LogLevel.Information, "Removing what job {Job} left on the engine")]
    private partial void LogLeftover(string job);

    [LoggerMessage(448, LogLevel.Warning, "What earlier jobs left on the engine stays there for now: {Problem}")]
    private partial void LogLeftoversStay(string problem);
}
