using System.Text;
using Microsoft.EntityFrameworkCore;
using Nosana.Deployments.Model;

namespace Nosana.Deployments.Store;

public sealed partial class DeploymentStore
{
    public async Task<Page<Deployment>> ListAsync(DeploymentFilter filter, PageRequest page, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        IQueryable<DeploymentRow> rows = db.Deployments;
        if (filter.Owner is { } owner) rows = rows.Where(row => row.Owner == owner);
        if (filter.Ids is { } ids) rows = rows.Where(row => ids.Contains(row.Id));
        if (filter.Names is { } names) rows = rows.Where(row => names.Contains(row.Name));
        if (filter.Statuses is { } statuses) rows = rows.Where(row => statuses.Contains(row.Status));
        if (filter.Strategies is { } strategies) rows = rows.Where(row => strategies.Contains(row.Strategy));
        if (filter.Vaults is { } vaults) rows = rows.Where(row => vaults.Contains(row.Vault));
        if (filter.IdempotencyKey is { } key) rows = rows.Where(row => row.IdempotencyKey == key);
        if (filter.Created.After is { } after) rows = rows.Where(row => row.CreatedAt >= after);
        if (filter.Created.Before is { } before) rows = rows.Where(row => row.CreatedAt <= before);
        if (filter.Search is { Length: > 0 } search)
        {
            string pattern = $"%{Escape(search.ToLowerInvariant())}%";
            rows = rows.Where(row => EF.Functions.Like(row.Search, pattern, "\\"));
        }
        Page<DeploymentRow> found = await rows.PageAsync(page, row => row.CreatedAt, row => row.Id, cancellationToken);
        return new Page<Deployment>([.. found.Items.Select(row => row.ToDeployment())], found.Next, found.Previous, found.Total);
    }

    /// <summary>How many jobs of each of these deployments are in each state; none is not named.</summary>
    public async Task<IReadOnlyDictionary<(string Deployment, JobState State), int>> CountJobsAsync(
        IReadOnlyCollection<string> deployments, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.Jobs.Where(job => deployments.Contains(job.Deployment)).GroupBy(job => new { job.Deployment, job.State })
            .Select(group => new { group.Key.Deployment, group.Key.State, Count = group.Count() })
            .ToDictionaryAsync(group => (group.Deployment, group.State), group => group.Count, cancellationToken);
    }

    public async Task<DeploymentJob?> FindJobAsync(string job, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.Jobs.FirstOrDefaultAsync(one => one.Job == job, cancellationToken);
    }

    public async Task<Page<DeploymentJob>> ListJobsAsync(JobFilter filter, PageRequest page, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        IQueryable<DeploymentJob> rows = db.Jobs.Where(job => job.Deployment == filter.Deployment);
        if (filter.Jobs is { } jobs) rows = rows.Where(job => jobs.Contains(job.Job));
        if (filter.States is { } states) rows = rows.Where(job => states.Contains(job.State));
        if (filter.Revisions is { } revisions) rows = rows.Where(job => revisions.Contains(job.Revision));
        if (filter.Created.After is { } after) rows = rows.Where(job => job.ListedAt >= after);
        if (filter.Created.Before is { } before) rows = rows.Where(job => job.ListedAt <= before);
        return await rows.PageAsync(page, job => job.ListedAt, job => job.Job, cancellationToken);
    }

    public async Task<DeploymentRevision?> FindRevisionAsync(string deployment, int revision, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.Revisions.FirstOrDefaultAsync(one => one.Deployment == deployment && one.Revision == revision, cancellationToken);
    }

    /// <summary>All of them, the first first.</summary>
    public async Task<IReadOnlyList<DeploymentRevision>> RevisionsAsync(string deployment, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.Revisions.Where(one => one.Deployment == deployment).OrderBy(one => one.Revision).ToListAsync(cancellationToken);
    }

    public async Task<Page<DeploymentRevision>> ListRevisionsAsync(RevisionFilter filter, PageRequest page, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        IQueryable<DeploymentRevision> rows = db.Revisions.Where(one => one.Deployment == filter.Deployment);
        if (filter.Revisions is { } revisions) rows = rows.Where(one => revisions.Contains(one.Revision));
        if (filter.Created.After is { } after) rows = rows.Where(one => one.CreatedAt >= after);
        if (filter.Created.Before is { } before) rows = rows.Where(one => one.CreatedAt <= before);
        return await rows.PageAsync(page, one => one.CreatedAt, one => one.Revision, cancellationToken);
    }

    public async Task<Page<StoredEvent>> ListEventsAsync(EventFilter filter, PageRequest page, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        IQueryable<StoredEvent> rows = db.Events.Where(one => one.Deployment == filter.Deployment);
        if (filter.Categories is { } categories) rows = rows.Where(one => categories.Contains(one.Category));
        if (filter.Types is { } types) rows = rows.Where(one => types.Contains(one.Type));
        if (filter.Created.After is { } after) rows = rows.Where(one => one.CreatedAt >= after);
        if (filter.Created.Before is { } before) rows = rows.Where(one => one.CreatedAt <= before);
        return await rows.PageAsync(page, one => one.CreatedAt, one => one.Id, cancellationToken);
    }

    /// <summary>What is yet to be done on chain for a deployment.</summary>
    public async Task<Page<ChainTarget>> ListTargetsAsync(TargetFilter filter, PageRequest page, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        IQueryable<ChainTarget> rows = db.Targets
            .Where(one => one.Deployment == filter.Deployment && (one.State == TargetState.Planned || one.State == TargetState.Signed));
        if (filter.Kinds is { } kinds) rows = rows.Where(one => kinds.Contains(one.Kind));
        if (filter.Due.After is { } after) rows = rows.Where(one => (one.DueAt ?? one.CreatedAt) >= after);
        if (filter.Due.Before is { } before) rows = rows.Where(one => (one.DueAt ?? one.CreatedAt) <= before);
        return await rows.PageAsync(page, one => one.CreatedAt, one => one.Key, cancellationToken);
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder();
        foreach (char c in text) escaped.Append(c is '%' or '_' or '\\' ? "\\" : "").Append(c);
        return escaped.ToString();
    }
}
