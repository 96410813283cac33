using Microsoft.EntityFrameworkCore;
using Nosana.Deployments.Model;

namespace Nosana.Deployments.Store;

public sealed partial class DeploymentStore
{
    /// <summary>Active jobs of a vault, whichever deployments they are of: what an observer of the chain compares with.</summary>
    public async Task<IReadOnlyList<DeploymentJob>> ActiveJobsAsync(string vault, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.Jobs
            .Where(job => (job.State == JobState.Pending || job.State == JobState.Queued || job.State == JobState.Running)
                && db.Deployments.Any(row => row.Id == job.Deployment && row.Vault == vault))
            .ToListAsync(cancellationToken);
    }

    /// <summary>Deployments that these jobs are of; a job that is nobody's is passed over.</summary>
    public async Task<IReadOnlyList<string>> DeploymentsOfAsync(IReadOnlyCollection<string> jobs, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.Jobs.Where(job => jobs.Contains(job.Job)).Select(job => job.Deployment).Distinct().ToListAsync(cancellationToken);
    }

    /// <summary>Vaults of deployments that are neither drafts nor at rest, or still have a job: whose accounts are worth watching.</summary>
    public async Task<IReadOnlyList<string>> ActiveVaultsAsync(CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.Deployments
            .Where(row => row.Status == DeploymentStatus.Starting || row.Status == DeploymentStatus.Running || row.Status == DeploymentStatus.Stopping
                || row.Status == DeploymentStatus.InsufficientFunds
                || db.Jobs.Any(job => job.Deployment == row.Id
                    && (job.State == JobState.Pending || job.State == JobState.Queued || job.State == JobState.Running)))
            .Select(row => row.Vault).Distinct().ToListAsync(cancellationToken);
    }

    public async Task<JobResult?> FindResultAsync(string job, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.Results.FirstOrDefaultAsync(one => one.Job == job, cancellationToken);
    }

    /// <summary>Keeps what a host says of a job; what it said before gives way.</summary>
    /// <returns>False when the job has been deleted.</returns>
    public async Task<bool> SaveResultAsync(DeploymentJob job, string body, CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = Now();
        using IDisposable? turn = await database.EnterAsync(cancellationToken);
        await using DeploymentsContext db = database.Open();
        bool isWritten = await ChangeOrAddAsync(
            db,
            () => db.Results.Where(one => one.Job == job.Job)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.Body, body).SetProperty(one => one.UpdatedAt, now), cancellationToken),
            new JobResult { Job = job.Job, Deployment = job.Deployment, Body = body, UpdatedAt = now },
            cancellationToken);
        if (isWritten) Saved?.Invoke(job.Deployment);
        return isWritten;
    }

    public async Task<IReadOnlyList<EndpointStatus>> EndpointsAsync(string deployment, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.Endpoints.Where(one => one.Deployment == deployment).ToListAsync(cancellationToken);
    }

    /// <returns>Whether it was other before; false as well when the job has been deleted.</returns>
    public async Task<bool> SaveEndpointAsync(EndpointStatus status, CancellationToken cancellationToken = default)
    {
        using IDisposable? turn = await database.EnterAsync(cancellationToken);
        await using DeploymentsContext db = database.Open();
        IQueryable<EndpointStatus> same = db.Endpoints.Where(one => one.Job == status.Job && one.OpId == status.OpId && one.Port == status.Port);
        if (await same.AnyAsync(one => one.IsUp == status.IsUp && one.Reason == status.Reason, cancellationToken)) return false;
        bool isWritten = await ChangeOrAddAsync(
            db,
            () => same.ExecuteUpdateAsync(set => set
                .SetProperty(one => one.IsUp, status.IsUp)
                .SetProperty(one => one.Reason, status.Reason)
                .SetProperty(one => one.ChangedAt, status.ChangedAt), cancellationToken),
            status,
            cancellationToken);
        if (isWritten) Saved?.Invoke(status.Deployment);
        return isWritten;
    }

    // Two may add the same at once: the second then finds it there.
    private static async Task<bool> ChangeOrAddAsync<T>(DeploymentsContext db, Func<Task<int>> change, T row, CancellationToken cancellationToken)
        where T : class
    {
        if (await change() > 0) return true;
        db.Add(row);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            // It is there now, or what it belongs to is not.
            return await change() > 0;
        }
    }
}
