namespace Nosana.Node.Engine.Images;

/// <summary>One pull that several may wait for. It is cancelled when the last of them leaves before its end.</summary>
internal sealed class SharedPull(IProgress<PullProgress>? first)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<PulledImage> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private List<IProgress<PullProgress>> _watchers = first is null ? [] : [first];
    private PullProgress? _latest;
    private int _waiting = 1;
    private Action? _abandon;

    public Task<PulledImage> Result => _result.Task;

    /// <summary>Starts the pull on the thread pool.</summary>
    public void Run(Func<CancellationToken, Task<PulledImage>> pull, Action ended)
    {
        var abandoned = new CancellationTokenSource();
        _abandon = abandoned.Cancel;
        _ = Task.Run(() => RunAsync(pull, ended, abandoned.Token), CancellationToken.None);
    }

    /// <summary>False when the pull is being abandoned, or has ended, and a new one is needed.</summary>
    public bool TryJoin(IProgress<PullProgress>? progress)
    {
        lock (_lock)
        {
            if (_waiting == 0 || _result.Task.IsCompleted) return false;
            _waiting++;
            if (progress is null) return true;
            _watchers = [.. _watchers, progress];
            if (_latest is { } latest) progress.Report(latest);
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
        _abandon?.Invoke();
    }

    public void Report(PullProgress progress)
    {
        List<IProgress<PullProgress>> watchers;
        lock (_lock) (watchers, _latest) = (_watchers, progress);
        foreach (IProgress<PullProgress> watcher in watchers) watcher.Report(progress);
    }

    /// <summary>Its first try has begun.</summary>
    public void Begin()
    {
        if (_latest is null) Report(PullProgress.Begun);
    }

    /// <summary>A try has failed, and another follows.</summary>
    public void ReportProblem(string problem) => Report((_latest ?? PullProgress.Begun) with { Problem = problem });

    private async Task RunAsync(Func<CancellationToken, Task<PulledImage>> pull, Action ended, CancellationToken abandoned)
    {
        try
        {
            PulledImage image = await pull(abandoned);
            ended();
            _result.TrySetResult(image);
        }
        catch (OperationCanceledException)
        {
            ended();
            _result.TrySetCanceled(abandoned);
        }
        catch (Exception exception)
        {
            ended();
            _result.TrySetException(exception);
            _ = _result.Task.Exception; // when nobody waits any more, nobody needs to know
        }
    }
}
