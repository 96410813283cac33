using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;

namespace Nosana.Node.Operations;

/// <summary>
/// Ends containers whose job's time is up while no agent runs. They are stopped, not removed: the next agent finds their output, publishes it and finishes
/// the job. It asks no chain: an extension that nobody was there to see is not known here.
/// </summary>
internal sealed partial class DeadlineWatchdog(
    ContainerDeadlines deadlines, ContainerRuntime containers, TimeSpan grace, TimeProvider time, ILogger<DeadlineWatchdog> logger)
{
    /// <summary>Once.</summary>
    /// <returns>How many containers were ended.</returns>
    /// <exception cref="EngineException">The engine cannot be asked; the others were looked at all the same.</exception>
    public async Task<int> EndOverdueAsync(CancellationToken cancel)
    {
        int ended = 0;
        EngineException? failure = null;
        foreach ((string job, DateTimeOffset at) in deadlines.Read())
        {
            if (at > time.GetUtcNow()) continue;
            try
            {
                ended += await EndAsync(job, at, cancel);
            }
            catch (EngineException e)
            {
                failure ??= e;
            }
        }
        return failure is null ? ended : throw failure;
    }

    private async Task<int> EndAsync(string job, DateTimeOffset at, CancellationToken cancel)
    {
        IReadOnlyList<FoundContainer> found = await containers.FindAsync(new Dictionary<string, string> { [EngineLabels.Job] = job }, cancel);
        if (found.Count == 0) deadlines.Remove(job);
        FoundContainer[] alive = [.. found.Where(container => container.IsAlive)];
        foreach (FoundContainer container in alive) LogEnding(container.Name, job, at);
        await Task.WhenAll(alive.Select(container => containers.StopAsync(container.Id, grace, cancel)));
        return alive.Length;
    }

    [LoggerMessage(730, LogLevel.Warning, "Ending container {Container} of job {Job}: its time was up at {At:u}, and no agent runs")]
    private partial void LogEnding(string container, string job, DateTimeOffset at);
}
