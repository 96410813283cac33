using System.Collections.Concurrent;
using Nosana.Docker;
using Nosana.Node.Jobs;

namespace Nosana.Node.Api.Statistics;

/// <summary>
/// Listens to what the engine says of the containers of jobs, one connection each, and keeps it as long as the job runs. Whoever asks costs nothing more.
/// </summary>
internal sealed partial class StatisticsCollector(RunningJobs jobs, IEngineClient engine, TimeProvider time, ILogger<StatisticsCollector> logger)
    : BackgroundService
{
    /// <summary>How soon a new container is listened to.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Operations of one job that may each keep a day; of more each keeps less.</summary>
    private const int FullDays = 16;

    private readonly ConcurrentDictionary<JobRunner, JobStatistics> _jobs = [];
    private readonly Dictionary<string, Task> _listening = new(StringComparer.Ordinal);

    /// <summary>What the job's operations used; null when it does not run.</summary>
    public IReadOnlyList<OpStatistics>? Find(string job)
    {
        if (!jobs.TryFind(job, out JobRunner? runner)) return null;
        return _jobs.TryGetValue(runner, out JobStatistics? found) ? found.Ops : [];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do Look(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the agent exits
        }
        await Task.WhenAll(_listening.Values);
    }

    private void Look(CancellationToken stop)
    {
        foreach (string ended in _listening.Where(entry => entry.Value.IsCompleted).Select(entry => entry.Key).ToArray()) _listening.Remove(ended);
        IReadOnlyCollection<JobRunner> running = jobs.All;
        foreach (JobRunner gone in _jobs.Keys.Except(running)) _jobs.TryRemove(gone, out _);
        foreach (JobRunner runner in running)
        {
            JobStatistics statistics = _jobs.GetOrAdd(runner, static one => new JobStatistics(one.Job.Request.Definition.Ops.Count));
            foreach ((string op, string container) in ContainersOf(runner))
                if (!_listening.ContainsKey(container)) _listening[container] = ListenAsync(statistics.Of(op), container, stop);
        }
    }

    private static (string Op, string Container)[] ContainersOf(JobRunner runner) => runner.Job.Flow.Read(flow => flow.OpStates
        .Where(op => op is { ProviderId: not null, EndTime: null, StartTime: not null })
        .Select(op => (op.OperationId, op.ProviderId!)).ToArray());

    private async Task ListenAsync(OpStatistics statistics, string container, CancellationToken stop)
    {
        await Task.Yield();
        try
        {
            await using Stream stream = await engine.OpenStatisticsAsync(container, stop);
            using var lines = new StreamReader(stream);
            while (await lines.ReadLineAsync(stop) is { } line)
                if (TaskStatistic.Read(line) is { } statistic) statistics.Add(statistic);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // the agent exits
        }
        catch (Exception e) when (e is DockerException or IOException)
        {
            LogBroken(container, e.Message); // it is listened to again while it runs
        }
        statistics.EndWindow();
        if (!stop.IsCancellationRequested) await Task.Delay(Interval, time, CancellationToken.None);
    }

    private sealed class JobStatistics(int operations)
    {
        private readonly Lock _lock = new();
        private readonly List<OpStatistics> _ops = [];

        /// <summary>In the order in which they were first heard of.</summary>
        public IReadOnlyList<OpStatistics> Ops
        {
            get { lock (_lock) return [.. _ops.Where(op => op.First is not null).OrderBy(op => op.First)]; }
        }

        public OpStatistics Of(string op)
        {
            lock (_lock)
            {
                if (_ops.Find(one => one.Op == op) is { } known) return known;
                var made = new OpStatistics(op, OpStatistics.DayOfWindows * FullDays / Math.Max(FullDays, operations));
                _ops.Add(made);
                return made;
            }
        }
    }

    [LoggerMessage(6230, LogLevel.Debug, "What container {Container} uses is not heard for now: {Problem}")]
    private partial void LogBroken(string container, string problem);
}
