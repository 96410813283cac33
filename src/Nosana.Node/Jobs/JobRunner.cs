using System.Threading.Channels;
using Nosana.JobDefinition.Exposure;
using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Engine;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;
using Nosana.Node.Logs;

namespace Nosana.Node.Jobs;

/// <summary>
/// Runs one job: asks the plan what comes next after every change, and carries it out. One loop reads one channel;
/// nothing else decides. The plan itself is pure (<see cref="FlowPlan"/>).
/// </summary>
internal sealed partial class JobRunner(
    JobContext job, JobControl control, JobContainers containers, OpRunnerFactory runners, LogStore logs, JobResults results, RunningJobs jobs,
    TimeProvider time, ILogger<JobRunner> logger)
{
    private readonly Channel<Change> _changes = Channel.CreateUnbounded<Change>(new UnboundedChannelOptions { SingleReader = true });
    private readonly OpProgress[] _progress = new OpProgress[job.Request.Definition.Ops.Count];
    private readonly Dictionary<int, OpRun> _running = [];
    private readonly List<Task> _tasks = [];
    private Dictionary<string, FoundContainer> _adopted = [];
    private string? _hostFault;
    private bool _ranBefore;

    public JobContext Job => job;

    /// <summary>A container of the job has run: from here on its seconds are used, and the run is finished, not given back.</summary>
    private bool AnythingStarted => _ranBefore || job.Flow.Read(flow => flow.OpStates.Any(op => op.ProviderId is not null));

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    private bool IsEnding => control.Reason is not null || (_hostFault is not null && !AnythingStarted);

    /// <returns>The whole result. Everything of the job is removed from the engine by then.</returns>
    /// <exception cref="OperationCanceledException">The agent is exiting; containers go on.</exception>
    public async Task<JobOutcome> RunAsync()
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(control.AgentExiting);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(control.AgentExiting);
        using var silent = new CancellationTokenSource();
        Task watch = WatchEngineAsync(silent, over.Token);
        try
        {
            _adopted = await FindContainersAsync(leave.Token, silent.Token);
            TakeUp();
            jobs.Add(this);
            job.Flow.Update(flow =>
            {
                flow.Status = FlowStatus.Running;
                flow.StartTime ??= Now;
            });
            await using (control.StopToken.Register(() => _changes.Writer.TryWrite(Change.Look)))
                await DriveAsync(leave.Token);
            await Task.WhenAll(_tasks);
        }
        catch
        {
            // The agent exits, or this program failed: every operation lets go of its container, and whoever runs the job next takes them up.
            await leave.CancelAsync();
            await Task.WhenAll(_tasks).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
        finally
        {
            jobs.Remove(this);
            RefuseCommands();
            await over.CancelAsync();
            await watch;
        }
        // What an engine that hangs may have of the job carries its label, and is removed when it answers again.
        if (!_engineIsSilent) await containers.RemoveAllAsync(job.Request.Job, AnythingStarted);
        string? fault = AnythingStarted ? null : _hostFault ?? (control.Reason == StopReason.HostShutDown ? StopReason.HostShutDown.BeforeStart : null);
        return new JobOutcome(Finish(), fault);
    }

    private async Task DriveAsync(CancellationToken leave)
    {
        while (true)
        {
            if (IsEnding) EndTheRest(leave);
            FlowStep step = job.Request.Plan.Next(_progress);
            while (!IsEnding && Carry(step, leave)) step = job.Request.Plan.Next(_progress);
            ShowStanding(step);
            if (step.IsOver && _running.Count == 0) return;
            Apply(await _changes.Reader.ReadAsync(leave), leave);
        }
    }

    /// <returns>Whether operations were left out: the plan is asked again, since others may follow them.</returns>
    private bool Carry(FlowStep step, CancellationToken leave)
    {
        var stopped = new List<int>();
        foreach (int index in step.Stop)
        {
            if (_running.TryGetValue(index, out OpRun? run)) run.Context.RequestStop(StopReason.Requested);
            else stopped.Add(index);
        }
        LeaveOut(stopped, (_, state) => Stopped(state, "The operation was not started: one that it serves has ended."));
        LeaveOut(step.Skip, (index, state) => state.Errors.Add(new OpError(OpError.Operation, $"The operation was not started: {LostDependency(index)}.")));
        foreach (int index in step.Start) Start(index, leave);
        return stopped.Count + step.Skip.Count > 0;
    }

    private OpRun Start(int index, CancellationToken leave)
    {
        Operation operation = job.Request.Definition.Ops[index];
        // Taken out: a restart makes a container of its own.
        _adopted.Remove(operation.Id, out FoundContainer? found);
        var op = new OpContext(job, operation, logs.OpenOrCreate(job.Request.Job, operation.Id, job.Request.Definition.Ops.Count), found);
        var run = new OpRun(op);
        _running[index] = run;
        _progress[index] = OpProgress.Started;
        if (control.Reason is { } reason) op.RequestStop(reason);
        _ = op.Ready.ContinueWith(_ => _changes.Writer.TryWrite(new Change.Ready(run)), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        _tasks.Add(RunOpAsync(run, leave));
        return run;
    }

    private async Task RunOpAsync(OpRun run, CancellationToken leave)
    {
        await Task.Yield(); // operations of a group start side by side, not one inside the other
        OpContext op = run.Context;
        using IDisposable? scope = logger.BeginScope(new Dictionary<string, object> { ["job"] = job.Request.Job, ["op"] = op.Operation.Id });
        OpOutcome end = OpOutcome.Normal(wasReady: false);
        try
        {
            end = await runners.Create(op.Operation.Type).RunAsync(op, leave);
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
            // the loop sees the same token; the container is adopted by whoever runs the job next
        }
        catch (Exception e)
        {
            LogRunnerFailed(e, op.Operation.Id);
            job.Flow.UpdateOp(op.Index, state =>
            {
                state.Status = FlowStatus.Failed;
                state.EndTime ??= Now;
                state.ExitCode ??= ExitStatus.InternalError;
                state.Errors.Add(new OpError(OpError.Operation, $"This host failed to end the operation: {e.Message}"));
            });
        }
        finally
        {
            // Also when the journal cannot be written: the loop must not wait for an end that has been.
            _changes.Writer.TryWrite(new Change.Ended(run, end));
        }
    }

    /// <summary>The job's containers that an earlier agent left, by operation id.</summary>
    private async Task<Dictionary<string, FoundContainer>> FindContainersAsync(CancellationToken leave, CancellationToken silent)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(leave, silent);
        try
        {
            return await containers.FindAsync(job.Request.Job, either.Token);
        }
        catch (OperationCanceledException) when (silent.IsCancellationRequested && !leave.IsCancellationRequested)
        {
            return [];
        }
        catch (EngineException e) when (job.Request.Resume is null && e.Owner == FaultOwner.Host)
        {
            _hostFault = e.Message; // nothing of a new job can be there, and nothing of it can be run
            return [];
        }
    }

    private void Apply(Change change, CancellationToken leave)
    {
        switch (change)
        {
            case Change.Ready(var run):
                // A run that was restarted or has ended is not what dependents wait for.
                if (_running.GetValueOrDefault(run.Context.Index) == run) _progress[run.Context.Index] = OpProgress.Ready;
                break;
            case Change.Ended(var run, var end):
                Ended(run, end, leave);
                break;
            case Change.Command command:
                Apply(command, leave);
                break;
        }
        if (!IsEnding) return;
        StopReason why = control.Reason ?? StopReason.HostShutDown;
        foreach (OpRun run in _running.Values) run.Context.RequestStop(why);
    }

    private void Ended(OpRun run, OpOutcome end, CancellationToken leave)
    {
        int index = run.Context.Index;
        _running.Remove(index);
        run.Context.Dispose();
        _hostFault ??= end.HostFault;
        if (run.Pending == OpCommandKind.Restart && control.Reason is null)
        {
            _ranBefore |= AnythingStarted;
            Start(index, leave);
        }
        else
        {
            _progress[index] = end.WasReady ? OpProgress.Ended : OpProgress.EndedUnready;
        }
        run.Done?.TrySetResult();
    }

    /// <summary>A resumed job: what had ended stays ended, what has a container goes on, the rest starts when its turn comes.</summary>
    private void TakeUp()
    {
        if (job.Request.Resume is null) return;
        foreach (Operation op in job.Request.Definition.Ops)
        {
            OpState state = job.Flow.Read(flow => flow.OpStates[op.Index]);
            if (state.EndTime is not null)
            {
                // Whether its startup checks had passed is not journaled: an operation that has some counts as ready by its success alone.
                bool wasReady = state.Status == FlowStatus.Success
                    || (state.ProviderId is not null && Endpoints.StaticPorts(op).All(port => port.HealthChecks.Count == 0));
                _progress[op.Index] = wasReady ? OpProgress.Ended : OpProgress.EndedUnready;
            }
            else if (state.StartTime is null && state.Errors.Count > 0)
            {
                _progress[op.Index] = OpProgress.EndedUnready; // it was left out, and its error says why
            }
            else if (state.ProviderId is { } id && op.Type == OperationType.ContainerRun && !_adopted.ContainsKey(op.Id))
            {
                LogContainerLost(op.Id, id);
                string problem = $"Container {id[..Math.Min(12, id.Length)]} was removed while the host agent was away; how it ended is not known.";
                LeaveOut([op.Index], (_, state) =>
                {
                    (state.Status, state.EndTime) = (FlowStatus.Failed, Now);
                    state.Errors.Add(new OpError(OpError.ContainerRuntime, problem));
                });
            }
        }
    }

    private void EndTheRest(CancellationToken leave)
    {
        var never = new List<int>();
        for (int index = 0; index < _progress.Length; index++)
        {
            if (_progress[index] != OpProgress.Waiting) continue;
            // A container that an earlier agent left is stopped as any other, with its output and its exit code.
            if (_adopted.ContainsKey(job.Request.Definition.Ops[index].Id)) Start(index, leave);
            else never.Add(index);
        }
        LeaveOut(never, (_, state) =>
        {
            if (control.Reason is not { } reason) return;
            (state.Status, state.EndTime, state.ExitCode) = (reason.Status, Now, 0);
            reason.WriteTo(state);
        });
    }

    /// <summary>Ends operations that never started, in one entry of the journal; without a status they stay <c>init</c>, as on the official host.</summary>
    private void LeaveOut(IReadOnlyCollection<int> ops, Action<int, OpState> why)
    {
        if (ops.Count == 0) return;
        foreach (int index in ops) _progress[index] = OpProgress.EndedUnready;
        job.Flow.UpdateOps(ops, why);
    }

    /// <summary>Left out because of somebody's wish and not by a fault.</summary>
    private void Stopped(OpState state, string why)
    {
        (state.Status, state.EndTime) = (FlowStatus.Stopped, Now);
        state.Diagnostics.Reason.Reason = why;
    }

    /// <summary>Which of those that an operation waits for will never be ready.</summary>
    private string LostDependency(int index)
    {
        IEnumerable<int> lost = job.Request.Plan.Ops[index].DependsOn.Where(dependency => _progress[dependency] == OpProgress.EndedUnready);
        return $"'{job.Request.Definition.Ops[lost.First()].Id}', which it waits for, ended without having been ready";
    }

    private FlowState Finish()
    {
        if (control.Reason is { } reason && reason.UnstartedStatus != reason.Status && !AnythingStarted) FailUnstarted(reason);
        job.Flow.Update(flow =>
        {
            flow.EndTime = Now;
            flow.Secrets = [];
            flow.Status = ExitStatus.OfFlow(flow.OpStates);
        });
        return job.Flow.Read(flow => results.Of(job.Request.Job, flow, results.Bytes));
    }

    /// <summary>
    /// The time that the job was paid for went by and no container of it ever ran: that is no success of those whose turn never came either.
    /// </summary>
    private void FailUnstarted(StopReason reason)
    {
        bool IsUnstarted(OpState op) => op.StartTime is null && op.Status == reason.Status;
        int[] unstarted = job.Flow.Read(flow => Enumerable.Range(0, flow.OpStates.Count).Where(index => IsUnstarted(flow.OpStates[index])).ToArray());
        if (unstarted.Length == 0) return;
        job.Flow.UpdateOps(unstarted, (_, state) =>
        {
            state.Status = reason.UnstartedStatus;
            if (reason.BeforeStart is { } why) state.Errors.Add(new OpError(OpError.Operation, why));
        });
    }

    /// <summary>One run of an operation; a restart is another.</summary>
    private sealed class OpRun(OpContext context)
    {
        public OpContext Context { get; } = context;

        /// <summary>What its owner asked for and what is done once it has ended.</summary>
        public OpCommandKind? Pending { get; set; }

        /// <summary>Completes once that is done.</summary>
        public TaskCompletionSource? Done { get; set; }
    }

    private abstract record Change
    {
        /// <summary>Something outside of the operations: look at everything again.</summary>
        public static readonly Change Look = new Outside();

        private sealed record Outside : Change;

        public sealed record Ready(OpRun Run) : Change;

        public sealed record Ended(OpRun Run, OpOutcome End) : Change;

        /// <param name="Op">Null for the whole group.</param>
        /// <param name="Accepted">Completes with what is to be waited for, or with the refusal.</param>
        public sealed record Command(OpCommandKind Kind, string Group, string? Op, TaskCompletionSource<IReadOnlyList<Task>> Accepted) : Change;
    }

    [LoggerMessage(310, LogLevel.Error, "The runner of operation {Op} failed")]
    private partial void LogRunnerFailed(Exception exception, string op);

    [LoggerMessage(311, LogLevel.Error, "Container {Container} of operation {Op} was removed while the agent was away")]
    private partial void LogContainerLost(string op, string container);
}

/// <summary>How a job ended here.</summary>
/// <param name="State">The whole result, logs included.</param>
/// <param name="HostFault">
/// Set when this host failed before any container had started: nobody shall pay for nothing, the run is to be given back.
/// </param>
internal sealed record JobOutcome(FlowState State, string? HostFault);
