using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Nosana.Node.Jobs;

/// <summary>The jobs that run here now, by their addresses: where whoever acts for a job's owner finds what he acts upon.</summary>
internal sealed class RunningJobs
{
    private readonly ConcurrentDictionary<string, JobRunner> _runners = new(StringComparer.Ordinal);

    public IReadOnlyCollection<JobRunner> All => [.. _runners.Values];

    public bool TryFind(string job, [NotNullWhen(true)] out JobRunner? runner) => _runners.TryGetValue(job, out runner);

    public void Add(JobRunner runner) => _runners[runner.Job.Request.Job] = runner;

    /// <summary>Takes the job out, unless it runs anew.</summary>
    public void Remove(JobRunner runner) => _runners.TryRemove(KeyValuePair.Create(runner.Job.Request.Job, runner));
}
