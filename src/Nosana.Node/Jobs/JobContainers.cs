using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Retries;

namespace Nosana.Node.Jobs;

/// <summary>What of jobs is on the engine: found again after the agent was away, removed when they have ended.</summary>
internal sealed partial class JobContainers(
    ContainerRuntime containers, JobNetworks networks, JobReaper reaper, TimeProvider time, ILogger<JobContainers> logger)
{
    /// <summary>
    /// Makes a job's network beside the look for its definition: an engine takes longer for it than for anything else before the first container.
    /// Never fails: who needs the network asks for it again, and tells.
    /// </summary>
    public async Task PrepareAsync(string job, IReadOnlyDictionary<string, string> labels)
    {
        try
        {
            await networks.EnsureAsync(JobNetworks.NameOf(job), labels);
        }
        catch (EngineException)
        {
            // the first operation's own asking says it
        }
    }

    /// <summary>
    /// Removes what was prepared for a job that is not to be run, and nothing else: the same job may have come back by then. What cannot be removed is
    /// found by its label.
    /// </summary>
    public async Task RemovePreparedAsync(string job, Task prepared)
    {
        await prepared;
        try
        {
            await networks.RemoveAsync(JobNetworks.NameOf(job));
        }
        catch (EngineException e)
        {
            LogLeftBehind(e.Message);
        }
    }

    /// <summary>The job's containers that an earlier agent left, by operation id.</summary>
    /// <exception cref="EngineException">The engine cannot be asked.</exception>
    public async Task<Dictionary<string, FoundContainer>> FindAsync(string job, CancellationToken cancel)
    {
        IReadOnlyList<FoundContainer> found = await containers.FindAsync(new Dictionary<string, string> { [EngineLabels.Job] = job }, cancel);
        return found.Where(container => container.Labels.ContainsKey(EngineLabels.Op))
            .DistinctBy(container => container.Labels[EngineLabels.Op])
            .ToDictionary(container => container.Labels[EngineLabels.Op]);
    }

    /// <summary>Whether the engine says anything, in <see cref="ContainerRuntime.LongestSilence"/>; one that is gone is found out otherwise.</summary>
    public async Task<bool> EngineAnswersAsync(CancellationToken cancel)
    {
        try
        {
            return await containers.AnswersAsync(cancel);
        }
        catch (EngineException)
        {
            return true;
        }
    }

    /// <summary>Removes everything of the job. What cannot be removed is told and stays: the result is owed all the same.</summary>
    /// <param name="job">The job.</param>
    /// <param name="hasRun">Something of it ran: an engine that is away is waited for a while.</param>
    public async Task RemoveAllAsync(string job, bool hasRun)
    {
        try
        {
            // An engine that ended took containers along, or will find them again: both are still there to be removed.
            await RetryPipelines.Create(RetryPipelines.EngineAwayForAWhile, time, e => hasRun && e is EngineException { Fault: EngineFault.EngineDown })
                .ExecuteAsync(async _ => await reaper.RemoveAllOfJobAsync(job, CancellationToken.None));
        }
        catch (EngineException e)
        {
            // What is left carries the job's label and is removed before the next place in the queue.
            LogLeftBehind(e.Message);
        }
    }

    [LoggerMessage(312, LogLevel.Warning, "Something of the job may be left on the engine: {Problem}")]
    private partial void LogLeftBehind(string problem);
}
