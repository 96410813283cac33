using Nosana.JobDefinition.Model;
using Nosana.Node.Jobs;
using Nosana.Node.Logs;

namespace Nosana.Node.Api.Streaming;

/// <summary>The output of a job's operations for those who watch it, as long as anybody does.</summary>
internal sealed class JobFeed : IAsyncDisposable
{
    /// <summary>How soon it is noticed that an operation prints its first line, or runs again; within that its lines wait in its log.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _over = new();
    private readonly Task[] _pumps;
    private volatile TaskCompletionSource _changed = Signal();

    public JobFeed(JobRunner runner, LogStore logs, TimeProvider time)
    {
        Runner = runner;
        IReadOnlyList<Operation> ops = runner.Job.Request.Definition.Ops;
        Ops = [.. ops.Select(op => new OpFeed(runner.Job.Request.Job, op, ops.Count, logs))];
        Look();
        _pumps = [.. Ops.Select(op => PumpAsync(token => op.PumpAsync(Tell, time, token))), PumpAsync(token => LookOnAsync(time, token))];
    }

    public JobRunner Runner { get; }

    public IReadOnlyList<OpFeed> Ops { get; }

    /// <summary>How many watch.</summary>
    public int Watchers { get; set; }

    /// <summary>How long a watcher waits for more once there is something: 5 ms for a few, a tenth of a second for a thousand.</summary>
    public TimeSpan Breath => TimeSpan.FromMilliseconds(Math.Clamp(Watchers / 10, 5, 100));

    /// <summary>Completes with the next change after it was asked for.</summary>
    public Task Changed => _changed.Task;

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_pumps);
        _over.Dispose();
    }

    /// <summary>Sees what the operations went through.</summary>
    /// <returns>Whether there is anything new.</returns>
    public bool Look() => Runner.Job.Flow.Read(flow =>
    {
        bool any = false;
        foreach (OpFeed op in Ops) any |= op.Events.Look(flow.OpStates[op.Index]);
        return any;
    });

    private void Tell() => Interlocked.Exchange(ref _changed, Signal()).TrySetResult();

    private async Task LookOnAsync(TimeProvider time, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(LookInterval, time);
        while (await timer.WaitForNextTickAsync(cancel))
            if (Look()) Tell();
    }

    private async Task PumpAsync(Func<CancellationToken, Task> pump)
    {
        await Task.Yield();
        try
        {
            await pump(_over.Token);
        }
        catch (OperationCanceledException) when (_over.IsCancellationRequested)
        {
            // nobody watches any more
        }
    }

    private static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The feeds of jobs that somebody watches.</summary>
internal sealed class JobFeeds(LogStore logs, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<JobRunner, JobFeed> _feeds = [];

    /// <summary>Watches a job; to be given to <see cref="LeaveAsync"/>.</summary>
    public JobFeed Enter(JobRunner runner)
    {
        lock (_lock)
        {
            if (!_feeds.TryGetValue(runner, out JobFeed? feed)) _feeds[runner] = feed = new JobFeed(runner, logs, time);
            feed.Watchers++;
            return feed;
        }
    }

    public async ValueTask LeaveAsync(JobFeed feed)
    {
        lock (_lock)
        {
            if (--feed.Watchers > 0) return;
            _feeds.Remove(feed.Runner);
        }
        await feed.DisposeAsync();
    }
}
