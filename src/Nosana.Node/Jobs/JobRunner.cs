using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs;

/// <summary>
/// Runs one job: asks the plan what comes next after every change, and carries it out. One loop reads one channel;
/// nothing else decides. The plan itself is pure (<see cref="FlowPlan"/>).
/// </summary>
internal sealed partial class JobRunner
{
    private readonly JobContext _job;
    private readonly JobControl _control;
    private readonly JobParts _parts;
    private readonly ILogger<JobRunner> _logger;
    private readonly Channel<Change> _changes = Channel.CreateUnbounded<Change>(new UnboundedChannelOptions { SingleReader = true });
    private readonly OpProgress[] _progress;
    private readonly Dictionary<int, OpContext> _running = [];
    private readonly List<Task> _tasks = [];
    private string? _hostFault;

    public JobRunner(JobRequest request, JobControl control, JobParts parts, Action<byte[]> journal)
    {
        _control = control;
        _parts = parts;
        _logger = parts.Logs.CreateLogger<JobRunner>();
        _job = new JobContext(request, new FlowRecord(request.Resume ?? InitialState(request.Definition), journal), new ExposedNames(request, parts.Exposed.Domain));
        _progress = new OpProgress[request.Definition.Ops.Count];
    }

    public JobContext Job => _job;

    /// <summary>A container of the job has run: from here on its seconds are used, and the run is finished, not given back.</summary>
    private bool AnythingStarted => _job.Flow.Read(flow => flow.OpStates.Any(op => op.ProviderId is not null));

    /// <returns>The whole result. Everything of the job is removed from the engine by then.</returns>
    /// <exception cref="OperationCanceledException">The agent is exiting; containers go on.</exception>
    public async Task<JobOutcome> RunAsync()
    {
        CancellationToken exiting = _control.AgentExiting;
        IReadOnlyDictionary<string, FoundContainer> adopted = await FindContainersAsync(exiting);
        TakeUp(adopted);
        _job.Flow.Update(flow =>
        {
            flow.Status = FlowStatus.Running;
            flow.StartTime ??= _parts.Now;
        });
        using CancellationTokenRegistration onStop = _control.StopToken.Register(() => _changes.Writer.TryWrite(Change.Stop));
        try
        {
            await DriveAsync(adopted, exiting);
        }
        catch (OperationCanceledException) when (exiting.IsCancellationRequested)
        {
            await Task.WhenAll(_tasks); // each lets go of its container and returns
            throw;
        }
        await Task.WhenAll(_tasks);
        await _parts.Reaper.RemoveAllOfJobAsync(_job.Request.Job, CancellationToken.None);
        string? fault = AnythingStarted ? null : _hostFault;
        return new JobOutcome(Finish(), fault);
    }

    private async Task DriveAsync(IReadOnlyDictionary<string, FoundContainer> adopted, CancellationToken exiting)
    {
        while (true)
        {
            FlowStep step = _job.Request.Plan.Next(_progress);
            if (_control.Reason is not null || _hostFault is not null && !AnythingStarted) LeaveOutTheRest();
            else Carry(step, adopted, exiting);
            if (_running.Count == 0 && (step.IsOver || _job.Request.Plan.Next(_progress).IsOver)) return;
            Apply(await _changes.Reader.ReadAsync(exiting));
        }
    }

    private void Carry(FlowStep step, IReadOnlyDictionary<string, FoundContainer> adopted, CancellationToken exiting)
    {
        foreach (int index in step.Stop)
        {
            if (_running.TryGetValue(index, out OpContext? op)) op.RequestStop(OpStop.Requested);
            else LeaveOut(index, FlowStatus.Stopped, null);
        }
        foreach (int index in step.Skip)
            LeaveOut(index, null, new OpError(OpError.Operation, "The operation was not started: one it depends on ended without having been ready."));
        foreach (int index in step.Start)
        {
            _progress[index] = OpProgress.Started;
            _tasks.Add(RunOpAsync(index, adopted, exiting));
        }
        if (step.Stop.Count + step.Skip.Count > 0) _changes.Writer.TryWrite(Change.Stop); // ask the plan again: others may follow
    }

    private async Task RunOpAsync(int index, IReadOnlyDictionary<string, FoundContainer> adopted, CancellationToken exiting)
    {
        Operation operation = _job.Request.Definition.Ops[index];
        var op = new OpContext(_job, operation, _parts.LogStore.OpenOrCreate(_job.Request.Job, operation.Id), adopted.GetValueOrDefault(operation.Id));
        _running[index] = op;
        if (_control.Reason is { } reason) op.RequestStop(ForOp(reason));
        _ = op.Ready.ContinueWith(_ => _changes.Writer.TryWrite(new Change(index, OpProgress.Ready, null)), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await Task.Yield(); // operations of a group start side by side, not one inside the other
        using IDisposable? scope = _logger.BeginScope(new Dictionary<string, object> { ["job"] = _job.Request.Job, ["op"] = operation.Id });
        OpEnd end;
        try
        {
            end = await _parts.CreateOpRunner(operation.Type).RunAsync(op, exiting);
        }
        catch (OperationCanceledException) when (exiting.IsCancellationRequested)
        {
            return; // the loop sees the same token; the container is adopted at the next start
        }
        catch (Exception e)
        {
            LogRunnerFailed(e, operation.Id);
            _job.Flow.UpdateOp(index, state =>
            {
                state.Status = FlowStatus.Failed;
                state.EndTime ??= _parts.Now;
                state.ExitCode ??= OpRunner.InternalErrorExitCode;
                state.Errors.Add(new OpError(OpError.Operation, $"This host failed to end the operation: {e.Message}"));
            });
            end = OpEnd.Normal(wasReady: false);
        }
        _changes.Writer.TryWrite(new Change(index, end.WasReady ? OpProgress.Ended : OpProgress.EndedUnready, end));
    }

    /// <summary>The job's containers that an earlier agent left, by operation id.</summary>
    private async Task<IReadOnlyDictionary<string, FoundContainer>> FindContainersAsync(CancellationToken exiting)
    {
        var found = await _parts.Containers.FindAsync(new Dictionary<string, string> { [EngineLabels.Job] = _job.Request.Job }, exiting);
        return found.Where(container => container.Labels.ContainsKey(EngineLabels.Op)).DistinctBy(container => container.Labels[EngineLabels.Op]).ToDictionary(container => container.Labels[EngineLabels.Op]);
    }

    private void Apply(Change change)
    {
        if (change == Change.Stop)
        {
            if (_control.Reason is not { } reason) return;
            foreach (OpContext op in _running.Values) op.RequestStop(ForOp(reason));
            return;
        }
        if (change.Progress == OpProgress.Ready)
        {
            if (_progress[change.Op] == OpProgress.Started) _progress[change.Op] = OpProgress.Ready;
            return;
        }
        if (_running.Remove(change.Op, out OpContext? ended)) ended.Dispose();
        _progress[change.Op] = change.Progress;
        _hostFault ??= change.End!.HostFault;
    }

    /// <summary>A resumed job: what had ended stays ended, what has a container goes on, the rest starts when its turn comes.</summary>
    private void TakeUp(IReadOnlyDictionary<string, FoundContainer> adopted)
    {
        if (_job.Request.Resume is null) return;
        foreach (Operation op in _job.Request.Definition.Ops)
        {
            OpState state = _job.Flow.Read(flow => flow.OpStates[op.Index]);
            if (state.EndTime is not null)
            {
                _progress[op.Index] = state.ProviderId is not null || state.Status == FlowStatus.Success ? OpProgress.Ended : OpProgress.EndedUnready;
            }
            else if (state.ProviderId is { } id && op.Type == OperationType.ContainerRun && !adopted.ContainsKey(op.Id))
            {
                LogContainerLost(op.Id, id);
                LeaveOut(op.Index, FlowStatus.Failed, new OpError(OpError.ContainerRuntime, $"Container {id[..Math.Min(12, id.Length)]} was removed while the host agent was away; how it ended is not known."));
            }
        }
    }

    private void LeaveOutTheRest()
    {
        string? status = _control.Reason switch
        {
            StopReason.Expired => FlowStatus.Success,
            StopReason.Stopped => FlowStatus.Stopped,
            StopReason.HostShutDown => FlowStatus.Failed,
            _ => null,
        };
        for (int index = 0; index < _progress.Length; index++)
            if (_progress[index] == OpProgress.Waiting) LeaveOut(index, status, null);
    }

    /// <summary>Ends an operation that never started; without a status it stays <c>init</c>, as on the official host.</summary>
    private void LeaveOut(int index, string? status, OpError? error)
    {
        _progress[index] = OpProgress.EndedUnready;
        _job.Flow.UpdateOp(index, state =>
        {
            if (error is not null) state.Errors.Add(error);
            if (status is null) return;
            state.Status = status;
            state.EndTime = _parts.Now;
            state.ExitCode = _control.Reason is null ? state.ExitCode : 0;
        });
    }

    private FlowState Finish()
    {
        _job.Flow.Update(flow =>
        {
            flow.EndTime = _parts.Now;
            flow.Secrets = [];
            flow.Status = _control.Reason switch
            {
                StopReason.Expired => FlowStatus.Success,
                StopReason.Stopped => FlowStatus.Stopped,
                StopReason.HostShutDown => FlowStatus.Failed,
                _ => flow.OpStates.Any(op => op.Status is FlowStatus.Failed or FlowStatus.Init) ? FlowStatus.Failed : FlowStatus.Success,
            };
        });
        FlowState result = _job.Flow.Read(flow => flow);
        foreach (OpState op in result.OpStates) _parts.AttachLogs(_job.Request.Job, op);
        _parts.LogStore.Close(_job.Request.Job);
        return result;
    }

    private static OpStop ForOp(StopReason reason) => reason switch
    {
        StopReason.Expired => OpStop.JobExpired,
        StopReason.Stopped => OpStop.JobStopped,
        _ => OpStop.HostShutDown,
    };

    private static FlowState InitialState(Definition definition) => new()
    {
        OpStates = [.. definition.Ops.Select(op => new OpState { OperationId = op.Id, Group = op.GroupName })],
    };

    /// <param name="End">Set when the operation has ended.</param>
    private sealed record Change(int Op, OpProgress Progress, OpEnd? End)
    {
        /// <summary>Something outside of the operations: look at everything again.</summary>
        public static readonly Change Stop = new(-1, OpProgress.Waiting, null);
    }

    [LoggerMessage(310, LogLevel.Error, "The runner of operation {Op} failed")]
    private partial void LogRunnerFailed(Exception exception, string op);

    [LoggerMessage(311, LogLevel.Error, "Container {Container} of operation {Op} was removed while the agent was away")]
    private partial void LogContainerLost(string op, string container);
}
