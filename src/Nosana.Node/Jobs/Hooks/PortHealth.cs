using System.Diagnostics.CodeAnalysis;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine;
using Nosana.Node.Exposure;
using Nosana.Node.Jobs.Ops;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>
/// The probes of one operation's ports, and the restarts in place that they ask for: a continuous check with <c>restart_on_failure</c> that fails has the
/// engine restart the container. There is one count for the operation; a check whose <c>max_restarts</c> it has reached starts none any more. After
/// a restart every port is probed from its start-up on.
/// </summary>
/// <param name="op">The operation.</param>
/// <param name="ports">Those with checks.</param>
/// <param name="means">What it works with.</param>
/// <param name="onStatus">Is told each change of a port's status, with what was seen.</param>
[SuppressMessage("Design", "CA1001", Justification = "StopAsync, which always runs, disposes it.")]
internal sealed partial class PortHealth(
    OpContext op, IReadOnlyList<(ExposedPort Port, ProbedPort Target)> ports, PortHealth.Means means, Action<ExposedPort, EndpointStatus, string> onStatus)
{
    private readonly Lock _lock = new();
    private readonly ILogger _logger = means.Logger;
    private CancellationTokenSource _watching = new();
    private Task _probes = Task.CompletedTask, _restarting = Task.CompletedTask;
    private bool _isOver, _isEnoughSaid;
    private int _restarts;

    /// <param name="Prober">Performs the probes.</param>
    /// <param name="Time">Their clock.</param>
    /// <param name="Logger">Is told of restarts.</param>
    /// <param name="Restart">Restarts the container in place.</param>
    internal sealed record Means(PortProber Prober, TimeProvider Time, ILogger Logger, Func<Task> Restart);

    public void Watch()
    {
        foreach ((ExposedPort port, ProbedPort _) in ports)
            foreach (HealthCheck check in port.HealthChecks.Where(check => check is { RestartsOnFailure: true, Continuous: false }))
                LogNeverRestarts(port.Port, check.GetType().Name);
        Begin();
    }

    public async Task StopAsync()
    {
        Task restarting;
        lock (_lock)
        {
            _isOver = true;
            restarting = _restarting;
        }
        await restarting;
        await _watching.CancelAsync();
        await _probes;
        _watching.Dispose();
    }

    private void Begin()
    {
        HealthProbe[] probes =
        [
            .. ports.Select(watched => new HealthProbe(
                watched.Target, watched.Port.HealthChecks, means.Prober, means.Time,
                (status, detail) => onStatus(watched.Port, status, detail),
                (waited, detail) => LogUnready(watched.Port.Port, watched.Target.PublicUrl, (long)waited.TotalSeconds, detail),
                check => OnFailed(watched.Port, check))),
        ];
        CancellationToken token = _watching.Token;
        _probes = Task.WhenAll(probes.Select(probe => probe.RunAsync(token)));
        // Those that depend on it are told once, however often it becomes ready.
        _ = Task.WhenAll(probes.Select(probe => probe.Ready)).ContinueWith(
            _ => op.MarkReady(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    private void OnFailed(ExposedPort port, HealthCheck check)
    {
        if (!check.RestartsOnFailure) return;
        string name = op.Job.Names.IdOf(op.Operation, port.Port);
        lock (_lock)
        {
            if (_isOver || !_restarting.IsCompleted || op.Stopping.IsCancellationRequested || op.Exited.IsCompleted) return;
            if (_restarts >= check.MaxRestarts)
            {
                if (!_isEnoughSaid) LogEnough(name, _restarts);
                _isEnoughSaid = true;
                return;
            }
            _restarts++;
            string most = check.MaxRestarts is { } limit ? limit.ToString(System.Globalization.CultureInfo.InvariantCulture) : "unlimited";
            LogRestarting(name, _restarts, most);
            _restarting = RestartAsync();
        }
    }

    private async Task RestartAsync()
    {
        var restarted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // Before the engine is asked: the end that follows from it is none of the operation's.
        op.Restarting = restarted.Task;
        try
        {
            // The probe that asked for it is still on its way.
            await Task.Yield();
            await _watching.CancelAsync();
            await _probes;
            foreach ((ExposedPort port, ProbedPort _) in ports) onStatus(port, EndpointStatus.Offline, "its container is being restarted");
            await means.Restart();
        }
        catch (EngineException e)
        {
            LogNotRestarted(e.Message);
            return;
        }
        finally
        {
            restarted.SetResult();
        }
        op.Restarted();
        lock (_lock)
        {
            if (_isOver) return;
            _watching.Dispose();
            _watching = new CancellationTokenSource();
            Begin();
        }
    }

    [LoggerMessage(332, LogLevel.Warning, "Port {Port} ({Url}) has not passed its health checks in {Seconds} s; the last answer: {Detail}")]
    private partial void LogUnready(int port, Uri url, long seconds, string detail);

    [LoggerMessage(335, LogLevel.Information, "Port {Port}: its {Check} has restart_on_failure and is not continuous, so it never restarts the container")]
    private partial void LogNeverRestarts(int port, string check);

    [LoggerMessage(336, LogLevel.Warning, "A health check of {ExposeId} failed: the container is restarted ({Restarts}/{Most})")]
    private partial void LogRestarting(string exposeId, int restarts, string most);

    [LoggerMessage(337, LogLevel.Warning, "A health check of {ExposeId} failed after {Restarts} restarts, its max_restarts: the container is left alone")]
    private partial void LogEnough(string exposeId, int restarts);

    [LoggerMessage(338, LogLevel.Error, "The container could not be restarted, and its ports are not probed any more: {Problem}")]
    private partial void LogNotRestarted(string problem);
}
