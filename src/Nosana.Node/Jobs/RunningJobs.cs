using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Nosana.Node.Jobs;

/// <summary>The jobs that run here now, by their addresses: where whoever acts for a job's owner finds what he acts upon.</summary>
internal sealed class RunningJobs
{
    private readonly ConcurrentDictionary<string, JobRunner> _runners = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, JobControl> _controls = new(StringComparer.Ordinal);

    public IReadOnlyCollection<JobRunner> All => [.. _runners.Values];

    public bool TryFind(string job, [NotNullWhen(true)] out JobRunner? runner) => _runners.TryGetValue(job, out runner);

    /// <summary>Whether anything is done for the job, be it that it is only being prepared or delivered.</summary>
    public bool Has(string job) => _controls.ContainsKey(job);

    /// <summary>From here on the job can be stopped, whatever is done for it, until the answer is disposed.</summary>
    public IDisposable Hold(string job, JobControl control)
    {
        _controls[job] = control;
        return new Held(() => _controls.TryRemove(KeyValuePair.Create(job, control)));
    }

    /// <summary>Ends the job as its owner wishes: as if its time were up.</summary>
    /// <returns>False when it is none of those that are here.</returns>
    public bool TryStop(string job)
    {
        if (!_controls.TryGetValue(job, out JobControl? control)) return false;
        control.Stop(StopReason.Expired);
        return true;
    }

    public void Add(JobRunner runner) => _runners[runner.Job.Request.Job] = runner;

    /// <summary>Takes the job out, unless it runs anew.</summary>
    public void Remove(JobRunner runner) => _runners.TryRemove(KeyValuePair.Create(runner.Job.Request.Job, runner));

    private sealed class Held(Action release) : IDisposable
    {
        public void Dispose() => release();
    }
}
