using Nosana.Docker;
using Nosana.JobDefinition.Faults;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Jobs.Hooks;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs.Ops;

/// <summary>
/// Runs one operation once: resolve, prestart hooks, start, poststart hooks, wait, exited hooks, journal, remove.
/// Every way it can end is written into the op state before the container is removed. An instance is for one run.
/// </summary>
/// <param name="control">Null where nobody is paid: there it does not matter whose fault it is that something does not come.</param>
internal sealed partial class OpRunner(
    IOpDriver driver, IReadOnlyList<IOpHook> hooks, TimeProvider time, ILogger<OpRunner> logger, NetworkControl? control = null)
{
    // A timer's longest time is 49 days; a limit further away is looked at when the operation is adopted.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    /// <summary>The <see cref="OpError.Event"/> of what fails now.</summary>
    private string _failing = OpError.Operation;

    /// <returns>How it ended; the op state holds the rest.</returns>
    /// <exception cref="OperationCanceledException">The agent is exiting: the container goes on and is adopted at the next start.</exception>
    public async Task<OpOutcome> RunAsync(OpContext op, CancellationToken agentExiting)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(op.Stopping, agentExiting);
        Begin(op);
        // What an earlier agent started is taken up even to be stopped at once: its output belongs to the result.
        CancellationToken starting = op.Adopted is null ? cancel.Token : agentExiting;
        bool started = false;
        try
        {
            driver.Resolve(op);
            await StartAsync(op, cancel.Token, starting);
            started = true;
            using ITimer? timeout = Timeout(op);
            op.Job.Flow.UpdateOp(op.Index, state => state.ProviderId = op.ContainerId);
            if (op.ContainerId is { } id) LogStarted(id[..Math.Min(12, id.Length)], op.Adopted is null ? "started" : "adopted");
            // Not cut short by a stop: a container that has run has an output to capture.
            foreach (IOpPoststart hook in hooks.OfType<IOpPoststart>()) await hook.PoststartAsync(op, agentExiting);
            OpExit exit = await driver.WaitAsync(op, cancel.Token);
            await EndAsync(op, exit);
            return OpOutcome.Normal(op.Ready.IsCompletedSuccessfully || exit.ExitCode == 0);
        }
        catch (OperationCanceledException) when (agentExiting.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException) when (op.Stopping.IsCancellationRequested)
        {
            LogStopping(op.StopReason!);
            if (started) await EndAsync(op, await StopAsync(op));
            else RecordUnstarted(op, op.StopReason!);
            await RemoveAsync(op);
            return OpOutcome.Normal(op.Ready.IsCompletedSuccessfully || (started && op.StopReason!.Status == FlowStatus.Success));
        }
        catch (Exception e)
        {
            return await FailAsync(op, started, e, agentExiting);
        }
        finally
        {
            foreach (IOpStop hook in hooks.OfType<IOpStop>()) await EvenIfBrokenAsync(() => hook.StopAsync(op));
        }
    }

    private void Begin(OpContext op)
    {
        op.Job.Flow.UpdateOp(op.Index, state =>
        {
            state.Status = FlowStatus.Running;
            if (op.Adopted is null || state.StartTime is null) state.StartTime = Now;
            state.EndTime = null;
            state.ExitCode = null;
            // A container that is not to be taken up is none of this run's: the next start must not look for it.
            if (op.Adopted is null) state.ProviderId = null;
        });
    }

    /// <summary>
    /// Gets together what the container needs and starts it. What somebody took away between two of the steps is got once more: that is nobody's
    /// fault yet.
    /// </summary>
    private async Task StartAsync(OpContext op, CancellationToken cancel, CancellationToken starting)
    {
        for (bool isAgain = false; ; isAgain = true)
        {
            try
            {
                if (op.Adopted is null)
                {
                    foreach (IOpPrestart hook in hooks.OfType<IOpPrestart>())
                    {
                        _failing = hook.FailureEvent;
                        op.Preparing = static () => "the engine was preparing what it needs";
                        await hook.PrestartAsync(op, cancel);
                    }
                }
                _failing = driver.FailureEvent;
                op.Preparing = static () => "its container was being made";
                await driver.StartAsync(op, starting);
                op.RunningSince ??= time.GetUtcNow();
                return;
            }
            catch (EngineException e) when (e.Fault == EngineFault.PartMissing && op.Adopted is null && !isAgain)
            {
                LogPartMissing(e.Message);
                await RemoveAsync(op);
                op.ContainerId = null;
            }
        }
    }

    private async Task EndAsync(OpContext op, OpExit exit)
    {
        op.MarkExited();
        foreach (IOpExited hook in hooks.OfType<IOpExited>()) await hook.ExitedAsync(op);
        Record(op, exit);
        await RemoveAsync(op);
    }

    private void Record(OpContext op, OpExit exit)
    {
        string status = ExitStatus.OfOperation(op.StopReason, exit);
        op.Job.Flow.UpdateOp(op.Index, state =>
        {
            state.Status = status;
            state.EndTime = Now;
            state.ExitCode = exit.ExitCode;
            state.Diagnostics.State = exit.State;
            if (exit.Problem is { } problem) state.Errors.Add(new OpError(OpError.Operation, problem));
            op.StopReason?.WriteTo(state, op);
        });
        LogEnded(status, exit.ExitCode);
    }

    /// <summary>The operation was stopped before its container ran: what it had been waiting for is told to who paid for the time.</summary>
    private void RecordUnstarted(OpContext op, StopReason reason)
    {
        op.Job.Flow.UpdateOp(op.Index, state =>
        {
            state.Status = reason.UnstartedStatus;
            state.EndTime = Now;
            state.ExitCode = ExitStatus.InternalError;
            reason.WriteTo(state, op);
            if (reason.UnstartedStatus == FlowStatus.Failed)
                state.Errors.Add(new OpError(_failing, $"The operation was stopped before its container ran: {op.Preparing()}."));
        });
        LogEnded(reason.UnstartedStatus, null);
    }

    private async Task<OpOutcome> FailAsync(OpContext op, bool started, Exception exception, CancellationToken agentExiting)
    {
        OpError error = ErrorOf(exception, _failing);
        if (exception is EngineException or ResourceException or PlaceholderException) LogFailed(error.Event, error.Message);
        else LogBroken(exception);
        bool hostFault = !started && await IsHostFaultAsync(exception, agentExiting);
        OpExit? exit = null;
        if (op.ContainerId is not null)
        {
            exit = await StopAsync(op);
            op.MarkExited();
            if (started) await TakeWhatIsThereAsync(op);
        }
        op.Job.Flow.UpdateOp(op.Index, state =>
        {
            state.Status = FlowStatus.Failed;
            state.EndTime = Now;
            state.ExitCode = exit?.ExitCode is { } code and not 0 ? code : ExitStatus.InternalError;
            state.Diagnostics.State = exit?.State;
            state.Errors.Add(error);
        });
        await RemoveAsync(op);
        return new OpOutcome(op.Ready.IsCompletedSuccessfully, hostFault ? error.Message : null);
    }

    /// <summary>What never came from others is this host's fault when it hears nobody at all.</summary>
    private async Task<bool> IsHostFaultAsync(Exception exception, CancellationToken agentExiting)
    {
        FaultOwner? owner = (exception as EngineException)?.Owner ?? (exception as ResourceException)?.Owner;
        return owner == FaultOwner.Host || (owner == FaultOwner.Registry && control is not null && !await control(agentExiting));
    }

    /// <summary>The output and results of an operation that failed already: a second failure here changes nothing about it.</summary>
    private async Task TakeWhatIsThereAsync(OpContext op)
    {
        foreach (IOpExited hook in hooks.OfType<IOpExited>()) await EvenIfBrokenAsync(async () => await hook.ExitedAsync(op));
    }

    /// <summary>One hook's fault keeps no other from its work.</summary>
    private async Task EvenIfBrokenAsync(Func<ValueTask> act)
    {
        try
        {
            await act();
        }
        catch (Exception e)
        {
            LogBroken(e);
        }
    }

    private async Task<OpExit> StopAsync(OpContext op)
    {
        try
        {
            return await driver.StopAsync(op);
        }
        catch (EngineException e)
        {
            // The operation ends all the same: what the engine still has of it is found by its label once it answers again.
            LogLeftBehind(e.Message);
            return new OpExit(null, Problem: $"The engine could not stop the container: {e.Message}");
        }
    }

    private async Task RemoveAsync(OpContext op)
    {
        try
        {
            await driver.RemoveAsync(op);
        }
        catch (EngineException e)
        {
            // How it ended stands in the journal; the job's own clean-up tries once more.
            LogLeftBehind(e.Message);
        }
    }

    private static OpError ErrorOf(Exception exception, string failing) => exception switch
    {
        ResourceException e => new OpError(OpError.Resource, e.Message),
        PlaceholderException e => new OpError(OpError.Operation, $"{e.Path}: {e.Message}"),
        EngineException e => new OpError(
            e.Fault switch
            {
                EngineFault.ImageNotFound or EngineFault.ImageDenied or EngineFault.InvalidReference or EngineFault.ImageRefused
                    or EngineFault.RegistryUnavailable => OpError.ImagePull,
                _ => failing,
            }, e.Message, e.InnerException is DockerApiException answer ? (int)answer.StatusCode : null),
        _ => new OpError(OpError.Operation, $"This host failed to run the operation: {exception.Message}"),
    };

    /// <summary>The operation's own limit counts from its container's start: what it waits for before is not its running time.</summary>
    private ITimer? Timeout(OpContext op)
    {
        if (op.ContainerId is null || op.Operation.Execution.TimeoutSeconds is not { } seconds || seconds <= 0) return null;
        double left = seconds - (time.GetUtcNow() - op.RunningSince!.Value).TotalSeconds;
        if (left > LongestTimer.TotalSeconds) return null;
        ITimer timer = time.CreateTimer(
            _ => op.RequestStop(StopReason.Timeout), null, TimeSpan.FromSeconds(Math.Max(left, 0)), System.Threading.Timeout.InfiniteTimeSpan);
        op.Restarted = () =>
        {
            op.RunningSince = time.GetUtcNow();
            timer.Change(TimeSpan.FromSeconds(Math.Min(seconds, LongestTimer.TotalSeconds)), System.Threading.Timeout.InfiniteTimeSpan);
        };
        return timer;
    }

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(300, LogLevel.Information, "Container {Container} {How}")]
    private partial void LogStarted(string container, string how);

    [LoggerMessage(301, LogLevel.Information, "Operation ended: {Status}, exit code {ExitCode}")]
    private partial void LogEnded(string status, int? exitCode);

    [LoggerMessage(302, LogLevel.Information, "Stopping operation: {Reason}")]
    private partial void LogStopping(StopReason reason);

    [LoggerMessage(303, LogLevel.Warning, "Operation failed ({Event}): {Problem}")]
    private partial void LogFailed(string @event, string problem);

    [LoggerMessage(304, LogLevel.Error, "Operation failed by a fault of this host")]
    private partial void LogBroken(Exception exception);

    [LoggerMessage(306, LogLevel.Warning, "Something that the operation needs was taken from the engine and is got once more: {Problem}")]
    private partial void LogPartMissing(string problem);

    [LoggerMessage(305, LogLevel.Warning, "The operation's container may be left behind: {Problem}")]
    private partial void LogLeftBehind(string problem);
}

/// <summary>How an operation's runner came to its end.</summary>
/// <param name="HostFault">Set when this host failed it before its container had started.</param>
internal sealed record OpOutcome(bool WasReady, string? HostFault)
{
    public static OpOutcome Normal(bool wasReady) => new(wasReady, null);
}
