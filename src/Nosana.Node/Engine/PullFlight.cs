namespace Nosana.Node.Engine;

/// <summary>One pull that several may wait for. It is cancelled when the last of them leaves before its end.</summary>
internal sealed class PullFlight(IProgress<PullProgress>? first)
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _abandoned = new();
    private readonly TaskCompletionSource<PulledImage> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<IProgress<PullProgress>> _watchers = first is null ? [] : [first];
    private int _waiting = 1;

    public Task<PulledImage> Result => _result.Task;

    /// <summary>Starts the pull on the thread pool.</summary>
    public void Run(Func<CancellationToken, Task<PulledImage>> pull, Action ended) => _ = Task.Run(async () =>
    {
        try
        {
            PulledImage image = await pull(_abandoned.Token);
            ended();
            _result.TrySetResult(image);
        }
        catch (OperationCanceledException)
        {
            ended();
            _result.TrySetCanceled(_abandoned.Token);
        }
        catch (Exception exception)
        {
            ended();
            _result.TrySetException(exception);
            _ = _result.Task.Exception; // when nobody waits any more, nobody needs to know
        }
    });

    /// <summary>False when the pull is being abandoned, or has ended, and a new one is needed.</summary>
    public bool TryJoin(IProgress<PullProgress>? progress)
    {
        lock (_lock)
        {
            if (_waiting == 0 || _result.Task.IsCompleted) return false;
            _waiting++;
            if (progress is not null) _watchers = [.. _watchers, progress];
            return true;
        }
    }

    public void Leave(IProgress<PullProgress>? progress)
    {
        lock (_lock)
        {
            if (progress is not null) _watchers = [.. _watchers.Where(watcher => watcher != progress)];
            if (--_waiting > 0 || _result.Task.IsCompleted) return;
        }
        _abandoned.Cancel();
    }

    public void Report(PullProgress progress)
    {
        List<IProgress<PullProgress>> watchers;
        lock (_lock) watchers = _watchers;
        foreach (IProgress<PullProgress> watcher in watchers) watcher.Report(progress);
    }
}
