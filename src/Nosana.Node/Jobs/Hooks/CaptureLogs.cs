using System.Diagnostics.CodeAnalysis;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Logs;

namespace Nosana.Node.Jobs.Hooks;

/// <summary>Everything the container prints is in the operation's log, whole before its results are taken.</summary>
[SuppressMessage("Design", "CA1001", Justification = "StopAsync, which always runs, disposes it.")]
internal sealed class CaptureLogs(ContainerRuntime containers, HardeningProfile profile, TimeProvider time, ILogger<LogCapture> logger)
    : IOpPoststart, IOpExited, IOpStop
{
    private readonly CancellationTokenSource _leave = new();
    private Task<int>? _capture;

    public Task PoststartAsync(OpContext op, CancellationToken cancel)
    {
        _capture = Begin(op);
        return Task.CompletedTask;
    }

    // A stop may come between the start and this hook's own moment: what was printed until then is read now.
    public Task ExitedAsync(OpContext op) => _capture ??= Begin(op);

    public async ValueTask StopAsync(OpContext op)
    {
        await _leave.CancelAsync();
        if (_capture is not null)
            await _capture.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        op.Log.Flush();
        _leave.Dispose();
    }

    private Task<int> Begin(OpContext op)
    {
        string id = op.ContainerId!;
        var capture = new LogCapture(
            op.Log, (request, token) => containers.OpenLogsAsync(id, request.Since, request.Follow, request.Tail, token), profile.FollowedBytes, logger, time,
            isNewContainer: op.Adopted is null);
        return Task.Run(() => capture.RunAsync(op.Exited, _leave.Token), CancellationToken.None);
    }
}
