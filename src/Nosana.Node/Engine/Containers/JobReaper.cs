using Docker.DotNet.Models;
using Nosana.Docker;

namespace Nosana.Node.Engine.Containers;

/// <summary>Removes everything of a job by its label, whoever made it and however that ended.</summary>
/// <param name="deadlines">Of this host's jobs; null where none are kept.</param>
internal sealed class JobReaper(
    IEngineClient client, ContainerRuntime containers, JobNetworks networks, JobVolumes volumes, ContainerDeadlines? deadlines = null)
{
    /// <summary>How many of each kind were removed.</summary>
    internal sealed record Reaped(int Containers, int Networks, int Volumes);

    /// <summary>
    /// Removes the job's containers (with their anonymous volumes), then its networks and volumes. Goes on past failures and throws the first at the
    /// end.
    /// </summary>
    /// <param name="job">Value of <see cref="EngineLabels.Job"/>.</param>
    /// <param name="cancellationToken">Ends the removing.</param>
    public async Task<Reaped> RemoveAllOfJobAsync(string job, CancellationToken cancellationToken = default)
    {
        var failures = new List<EngineException>();
        DockerFilters filter = LabelFilter.Of(EngineLabels.Job, job);
        IReadOnlyList<string> containerIds = await ListAsync("Containers", async () =>
            (await client.ListContainersAsync(new ContainersListParameters { All = true, Filters = filter }, cancellationToken)).Select(found => found.ID));
        await ForEachAsync(containerIds, id => containers.RemoveAsync(id, cancellationToken), failures);
        IReadOnlyList<string> networkIds = await ListAsync("Networks", async () =>
            (await client.ListNetworksAsync(new NetworksListParameters { Filters = filter }, cancellationToken)).Select(found => found.ID));
        await ForEachAsync(networkIds, id => networks.RemoveAsync(id, cancellationToken), failures);
        IReadOnlyList<string> volumeNames = await ListAsync("Volumes", async () =>
            (await client.ListVolumesAsync(new VolumesListParameters { Filters = filter }, cancellationToken)).Select(found => found.Name));
        await ForEachAsync(volumeNames, name => volumes.RemoveAsync(name, cancellationToken), failures);
        if (failures.Count > 0) throw failures[0];
        deadlines?.Remove(job);
        return new Reaped(containerIds.Count, networkIds.Count, volumeNames.Count);
    }

    /// <summary>Jobs of which this agent has left anything on the engine.</summary>
    /// <param name="agent">Value of <see cref="EngineLabels.Agent"/>; null is every agent's.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public async Task<IReadOnlySet<string>> FindJobsAsync(string? agent, CancellationToken cancellationToken = default)
    {
        DockerFilters filter = agent is null ? LabelFilter.Having(EngineLabels.Job) : LabelFilter.Of(EngineLabels.Agent, agent);
        IReadOnlyList<IDictionary<string, string>> labels =
        [
            .. await ListAsync("Containers", async () =>
                (await client.ListContainersAsync(new ContainersListParameters { All = true, Filters = filter }, cancellationToken))
                    .Select(found => found.Labels)),
            .. await ListAsync("Networks", async () =>
                (await client.ListNetworksAsync(new NetworksListParameters { Filters = filter }, cancellationToken)).Select(found => found.Labels)),
            .. await ListAsync("Volumes", async () =>
                (await client.ListVolumesAsync(new VolumesListParameters { Filters = filter }, cancellationToken)).Select(found => found.Labels)),
        ];
        var jobs = new HashSet<string>(StringComparer.Ordinal);
        foreach (IDictionary<string, string> set in labels)
        {
            if (set.TryGetValue(EngineLabels.Job, out string? job)) jobs.Add(job);
        }
        return jobs;
    }

    private static async Task<IReadOnlyList<T>> ListAsync<T>(string what, Func<Task<IEnumerable<T>>> list)
    {
        try
        {
            return [.. await list()];
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, $"{what} cannot be listed");
        }
    }

    private static async Task ForEachAsync(IReadOnlyList<string> names, Func<string, Task> remove, List<EngineException> failures)
    {
        await Task.WhenAll(names.Select(async name =>
        {
            try
            {
                await remove(name);
            }
            catch (EngineException exception)
            {
                // The others must not stay because of this one; the caller learns of it at the end.
                lock (failures) failures.Add(exception);
            }
        }));
    }
}
