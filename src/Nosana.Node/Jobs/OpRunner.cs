using Microsoft.Extensions.Logging;
using Nosana.JobDefinition.Literals;
using Nosana.Node.Engine;
using Nosana.Node.Jobs.Hooks;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs;

/// <summary>
/// Runs one operation once: resolve, prestart hooks, start, poststart hooks, wait, exited hooks, journal, remove.
/// Every way it can end is written into the op state before the container is removed.
/// </summary>
internal sealed partial class OpRunner(IOpDriver driver, IReadOnlyList<IOpHook> hooks, TimeProvider time, ILogger<OpRunner> logger)
{
    /// <summary>What the official host reports for an operation that failed before it had an exit code.</summary>
    public const int InternalErrorExitCode = 2;

    /// <returns>How it ended; the op state holds the rest.</returns>
    /// <exception cref="OperationCanceledException">The agent is exiting: the container goes on and is adopted at the next start.</exception>
    public async Task<OpEnd> RunAsync(OpContext op, CancellationToken agentExiting)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(op.Stopping, agentExiting);
        using IDisposable? timeout = Timeout(op);
        // What an earlier agent started is taken up even to be stopped at once: its output belongs to the result.
        CancellationToken starting = op.Adopted is null ? cancel.Token : agentExiting;
        bool started = false;
        try
        {
            op.Job.Flow.UpdateOp(op.Index, state =>
            {
                state.Status = FlowStatus.Running;
                state.StartTime = op.Adopted is not null && state.StartTime is not null ? state.StartTime : Now;
                state.EndTime = null;
                state.ExitCode = null;
            });
            driver.Resolve(op);
            foreach (IOpPrestart hook in hooks.OfType<IOpPrestart>()) await hook.PrestartAsync(op, starting);
            await driver.StartAsync(op, starting);
            started = true;
            op.Job.Flow.UpdateOp(op.Index, state => state.ProviderId = op.ContainerId);
            LogStarted(op.ContainerId is { } id ? id[..12] : "-", op.Adopted is null ? "started" : "adopted");
            // Not cut short by a stop: a container that has run has an output to capture.
            foreach (IOpPoststart hook in hooks.OfType<IOpPoststart>()) await hook.PoststartAsync(op, agentExiting);
            OpExit exit = await driver.WaitAsync(op, cancel.Token);
            await EndAsync(op, exit);
            return OpEnd.Normal(op.Ready.IsCompletedSuccessfully || exit.ExitCode == 0);
        }
        catch (OperationCanceledException) when (agentExiting.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException) when (op.Stopping.IsCancellationRequested)
        {
            LogStopping(op.StopReason!.Value);
            OpExit exit = started ? await driver.StopAsync(op) : new OpExit(ExitCode: 0);
            if (started) await EndAsync(op, exit);
            else Record(op, exit);
            await driver.RemoveAsync(op);
            return OpEnd.Normal(op.Ready.IsCompletedSuccessfully);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return await FailAsync(op, started, e);
        }
        finally
        {
            foreach (IOpStop hook in hooks.OfType<IOpStop>()) await hook.StopAsync(op);
        }
    }

    private async Task EndAsync(OpContext op, OpExit exit)
    {
        op.MarkExited();
        foreach (IOpExited hook in hooks.OfType<IOpExited>()) await hook.ExitedAsync(op);
        Record(op, exit);
        await driver.RemoveAsync(op);
    }

    private void Record(OpContext op, OpExit exit)
    {
        string status = StatusOf(op.StopReason, exit);
        op.Job.Flow.UpdateOp(op.Index, state =>
        {
            state.Status = status;
            state.EndTime = Now;
            state.ExitCode = exit.ExitCode;
            state.Diagnostics.State = exit.State;
            SetFlags(state.Diagnostics.Reason, op.StopReason);
            if (exit.Problem is { } problem) state.Errors.Add(new OpError(OpError.Operation, problem));
            if (op.StopReason == OpStop.Timeout) state.Errors.Add(new OpError(OpError.Operation, $"The operation ran longer than its execution.timeout of {op.Operation.Execution.TimeoutSeconds} s and was stopped."));
        });
        LogEnded(status, exit.ExitCode);
    }

    private async Task<OpEnd> FailAsync(OpContext op, bool started, Exception exception)
    {
        OpError error = ErrorOf(exception);
        if (exception is EngineException or PlaceholderException) LogFailed(error.Event, error.Message);
        else LogBroken(exception);
        OpExit? exit = null;
        if (op.ContainerId is not null)
        {
            exit = await driver.StopAsync(op);
            op.MarkExited();
            if (started)
                foreach (IOpExited hook in hooks.OfType<IOpExited>()) await hook.ExitedAsync(op);
        }
        op.Job.Flow.UpdateOp(op.Index, state =>
        {
            state.Status = FlowStatus.Failed;
            state.EndTime = Now;
            state.ExitCode = exit?.ExitCode is { } code and not 0 ? code : InternalErrorExitCode;
            state.Diagnostics.State = exit?.State;
            state.Errors.Add(error);
        });
        await driver.RemoveAsync(op);
        bool hostFault = !started && exception is EngineException { Owner: FaultOwner.Host };
        return new OpEnd(op.Ready.IsCompletedSuccessfully, hostFault ? error.Message : null);
    }

    private static OpError ErrorOf(Exception exception) => exception switch
    {
        PlaceholderException e => new OpError(OpError.Operation, $"{e.Path}: {e.Message}"),
        EngineException e => new OpError(
            e.Fault switch
            {
                EngineFault.ImageNotFound or EngineFault.ImageDenied or EngineFault.InvalidReference or EngineFault.RegistryUnavailable => OpError.ImagePull,
                _ => OpError.ContainerRuntime,
            }, e.Message),
        _ => new OpError(OpError.Operation, $"This host failed to run the operation: {exception.Message}"),
    };

    private static string StatusOf(OpStop? stop, OpExit exit) => stop switch
    {
        OpStop.JobExpired => FlowStatus.Success,
        OpStop.JobStopped or OpStop.Requested or OpStop.Restart => FlowStatus.Stopped,
        OpStop.HostShutDown or OpStop.Timeout => FlowStatus.Failed,
        _ => exit.ExitCode is 0 or null && exit.Problem is null ? FlowStatus.Success : FlowStatus.Failed,
    };

    private static void SetFlags(StopFlags flags, OpStop? stop)
    {
        (flags.JobExpired, flags.JobStopped, flags.HostShutDown) = (stop == OpStop.JobExpired, stop == OpStop.JobStopped, stop == OpStop.HostShutDown);
        flags.Reason = stop switch
        {
            OpStop.JobExpired => "Operation stopped due to flow expired",
            OpStop.JobStopped => "Operation stopped due to flow stopped",
            OpStop.HostShutDown => "Operation stopped due to flow quit",
            _ => null,
        };
    }

    private ITimer? Timeout(OpContext op) => op.Operation.Execution.TimeoutSeconds is { } seconds and > 0
        ? time.CreateTimer(_ => op.RequestStop(OpStop.Timeout), null, TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(40).TotalSeconds)), System.Threading.Timeout.InfiniteTimeSpan)
        : null;

    private long Now => time.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(300, LogLevel.Information, "Container {Container} {How}")]
    private partial void LogStarted(string container, string how);

    [LoggerMessage(301, LogLevel.Information, "Operation ended: {Status}, exit code {ExitCode}")]
    private partial void LogEnded(string status, int? exitCode);

    [LoggerMessage(302, LogLevel.Information, "Stopping operation: {Reason}")]
    private partial void LogStopping(OpStop reason);

    [LoggerMessage(303, LogLevel.Warning, "Operation failed ({Event}): {Problem}")]
    private partial void LogFailed(string @event, string problem);

    [LoggerMessage(304, LogLevel.Error, "Operation failed by a fault of this host")]
    private partial void LogBroken(Exception exception);
}
