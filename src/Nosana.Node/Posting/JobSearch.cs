using Nosana.Node.Chain;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Posting;

/// <summary>Which jobs to find; what is null does not matter.</summary>
/// <param name="Project">The poster.</param>
/// <param name="Node">The host that runs it or ran it.</param>
/// <param name="State">A word of <see cref="JobStates"/>.</param>
internal sealed record JobQuery(PublicKey? Market = null, PublicKey? Project = null, PublicKey? Node = null, string? State = null);

/// <summary>
/// Finds jobs, one by its address or many by what their accounts say. The chain filters where it can; a job account names its host only when
/// it is done, so hosts are looked for among the runs, too, and whether a job runs is told by the runs, read once.
/// </summary>
internal sealed class JobSearch(NosanaChain chain)
{
    /// <summary>The job at an address; null when there is none.</summary>
    public async Task<FoundJob?> FindAsync(PublicKey job, CancellationToken cancel) =>
        await chain.FindJobAsync(job, cancel) is { } account
            ? new FoundJob(job, account, account.State == JobState.Done ? null : await chain.FindRunOfJobAsync(job, cancel))
            : null;

    /// <exception cref="PosterException">There is no such job.</exception>
    public async Task<FoundJob> RequireAsync(PublicKey job, CancellationToken cancel) =>
        await FindAsync(job, cancel)
        ?? throw new PosterException($"Job {job} does not exist on this network: check the address and --network, or it was closed already.");

    /// <returns>Waiting ones first, then by start, newest first.</returns>
    public async Task<IReadOnlyList<FoundJob>> FindAsync(JobQuery query, CancellationToken cancel)
    {
        IReadOnlyList<FoundJob> candidates = query.Node is { } node ? await OfNodeAsync(node, query, cancel) : await OfAnyNodeAsync(query, cancel);
        return
        [
            .. candidates
                .Where(found => (query.Market is null || found.Job.Market == query.Market)
                    && (query.Project is null || found.Job.Project == query.Project)
                    && (query.State is null || found.State == query.State))
                .OrderBy(found => found.TimeStart == 0 ? 0 : 1).ThenByDescending(found => found.TimeStart).ThenBy(found => found.Address),
        ];
    }

    private async Task<IReadOnlyList<FoundJob>> OfAnyNodeAsync(JobQuery query, CancellationToken cancel)
    {
        List<AccountFilter> filters = [];
        if (query.Market is { } market) filters.Add(JobAccount.MarketFilter(market));
        if (query.Project is { } project) filters.Add(JobAccount.ProjectFilter(project));
        if (query.State is { } state) filters.Add(JobAccount.StateFilter(Stored(state)));
        IReadOnlyList<ObservedJob> jobs = await chain.JobsAsync(filters, cancel);
        // Read after the jobs: a job that started in between is told running, which it is.
        Dictionary<PublicKey, ObservedRun> runs = query.State == JobStates.Completed ? [] : ByJob(await chain.RunsAsync(cancel));
        return [.. jobs.Select(job => Join(job, runs))];
    }

    private async Task<IReadOnlyList<FoundJob>> OfNodeAsync(PublicKey node, JobQuery query, CancellationToken cancel)
    {
        List<AccountFilter> filters = [JobAccount.NodeFilter(node)];
        if (query.Market is { } market) filters.Add(JobAccount.MarketFilter(market));
        if (query.Project is { } project) filters.Add(JobAccount.ProjectFilter(project));
        Dictionary<PublicKey, ObservedRun> runs = ByJob(await chain.RunsOfNodeAsync(node, cancel));
        IReadOnlyList<ObservedJob> running = await chain.JobsAtAsync([.. runs.Keys], cancel);
        IReadOnlyList<ObservedJob> ended = await chain.JobsAsync(filters, cancel);
        return [.. running.Concat(ended).DistinctBy(job => job.Address).Select(job => Join(job, runs)).Where(found => found.Node == node)];
    }

    // A running job is stored as a queued one.
    private static JobState Stored(string state) => state switch
    {
        JobStates.Completed => JobState.Done,
        JobStates.Stopped => JobState.Stopped,
        _ => JobState.Queued,
    };

    private static FoundJob Join(ObservedJob job, Dictionary<PublicKey, ObservedRun> runs) =>
        new(job.Address, job.Job, job.Job.State == JobState.Done ? null : runs.GetValueOrDefault(job.Address));

    // A stopped job may be claimed by several hosts; the first run speaks for it.
    private static Dictionary<PublicKey, ObservedRun> ByJob(IReadOnlyList<ObservedRun> runs) =>
        runs.GroupBy(run => run.Run.Job).ToDictionary(group => group.Key, group => group.First());
}
