using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Retries;

namespace Nosana.Node.Jobs;

/// <summary>What of jobs is on the engine: found again after the agent was away, removed when they have ended.</summary>
internal sealed partial class JobContainers(
    ContainerRuntime containers, JobNetworks networks, JobReaper reaper, TimeProvider time, ILogger<JobContainers> logger)
{
    /// <summary>
    /// Makes ready what a slot's next job needs before its first container. Never fails: who needs it and finds it missing does without, or tells.
    /// </summary>
    public async Task PrepareAsync(string agent, string slot)
    {
        try
        {
            await networks.PrepareAsync(agent, slot);
        }
        catch (EngineException e)
        {
            LogNotPrepared(e.Message);
        }
    }

    /// <summary>Removes what <see cref="PrepareAsync"/> made, unless a job has it.</summary>
    public async Task RemovePreparedAsync(string agent, string slot, CancellationToken cancel)
    {
        try
        {
            await networks.RemoveAsync(JobNetworks.NameOfSlot(agent, slot), cancel);
        }
        catch (Exception e) when (e is EngineException or OperationCanceledException)
        {
            LogPreparedStays(e.Message);
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

    [LoggerMessage(314, LogLevel.Debug, "The next job's network could not be made beforehand: {Problem}")]
    private partial void LogNotPrepared(string problem);

    [LoggerMessage(315, LogLevel.Debug, "The slot's network stays: {Problem}")]
    private partial void LogPreparedStays(string problem);

    [LoggerMessage(312, LogLevel.Warning, "Something of the job may be left on the engine: {Problem}")]
    private partial void LogLeftBehind(string problem);
}
