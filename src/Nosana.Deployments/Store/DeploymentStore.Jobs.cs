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

    /// <summary>Vaults of deployments that are neither drafts nor at rest: whose accounts are worth watching.</summary>
    public async Task<IReadOnlyList<string>> ActiveVaultsAsync(CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.Deployments.Where(row => row.NextAt != null).Select(row => row.Vault).Distinct().ToListAsync(cancellationToken);
    }

    public async Task<JobResult?> FindResultAsync(string job, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.Results.FirstOrDefaultAsync(one => one.Job == job, cancellationToken);
    }

    /// <summary>Keeps what a host says of a job; what it said before gives way.</summary>
    public async Task SaveResultAsync(DeploymentJob job, string body, CancellationToken cancellationToken = default)
    {
        using IDisposable? turn = await database.EnterAsync(cancellationToken);
        await using DeploymentsContext db = database.Open();
        var result = new JobResult { Job = job.Job, Deployment = job.Deployment, Body = body, UpdatedAt = Now() };
        int changed = await db.Results.Where(one => one.Job == job.Job)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.Body, body).SetProperty(one => one.UpdatedAt, result.UpdatedAt), cancellationToken);
        if (changed == 0)
        {
            db.Results.Add(result);
            await db.SaveChangesAsync(cancellationToken);
        }
        Saved?.Invoke(job.Deployment);
    }

    public async Task<IReadOnlyList<EndpointStatus>> EndpointsAsync(string deployment, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.Endpoints.Where(one => one.Deployment == deployment).ToListAsync(cancellationToken);
    }

    /// <returns>Whether it was other before.</returns>
    public async Task<bool> SaveEndpointAsync(EndpointStatus status, CancellationToken cancellationToken = default)
    {
        using IDisposable? turn = await database.EnterAsync(cancellationToken);
        await using DeploymentsContext db = database.Open();
        EndpointStatus? before = await db.Endpoints
            .FirstOrDefaultAsync(one => one.Job == status.Job && one.OpId == status.OpId && one.Port == status.Port, cancellationToken);
        if (before is not null && before.IsUp == status.IsUp && before.Reason == status.Reason) return false;
        if (before is null) db.Endpoints.Add(status);
        else db.Endpoints.Update(status);
        await db.SaveChangesAsync(cancellationToken);
        Saved?.Invoke(status.Deployment);
        return true;
    }
}
