using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Nosana.Deployments.Model;

namespace Nosana.Deployments.Store;

/// <summary>
/// Deployments and all that belongs to them. Whatever is written of a deployment is fenced by its version: a writer that has not seen the last write of
/// another writes nothing. When a method returns, the fact is on disk.
/// </summary>
public sealed partial class DeploymentStore(DeploymentDatabase database, TimeProvider time)
{
    /// <summary>
    /// Told the id of each deployment that this process has written, once it is on disk; what other processes write is found by reading. The writer itself
    /// calls: whoever listens notes the id, and does no more then.
    /// </summary>
    public event Action<string>? Saved;

    /// <returns>Null when there is none.</returns>
    public async Task<Deployment?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return (await db.Deployments.FirstOrDefaultAsync(row => row.Id == id, cancellationToken))?.ToDeployment();
    }

    /// <summary>
    /// A deployment and what is to be known to plan for it. Its own row is read first: whoever writes meanwhile makes what is planned from here void.
    /// </summary>
    public async Task<DeploymentSnapshot?> ReadAsync(string id, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        if ((await db.Deployments.FirstOrDefaultAsync(row => row.Id == id, cancellationToken))?.ToDeployment() is not { } deployment) return null;
        return new DeploymentSnapshot(
            deployment,
            await db.Jobs.Where(job => job.Deployment == id
                    && (job.Run == deployment.Run || job.State == JobState.Pending || job.State == JobState.Queued || job.State == JobState.Running))
                .OrderBy(job => job.ListedAt).ThenBy(job => job.Job).ToListAsync(cancellationToken),
            await db.Targets.Where(target => target.Deployment == id && (target.State == TargetState.Planned || target.State == TargetState.Signed))
                .OrderBy(target => target.CreatedAt).ThenBy(target => target.Key).ToListAsync(cancellationToken),
            await db.Transactions.Where(one => one.Deployment == id && (one.State == TransactionState.Signed || one.State == TransactionState.Sent))
                .OrderBy(one => one.CreatedAt).ThenBy(one => one.Signature).ToListAsync(cancellationToken));
    }

    /// <summary>Writes a new deployment with its first revision.</summary>
    /// <returns>The one that its owner made before with the same idempotency key, if any; else the new one.</returns>
    public async Task<CreatedDeployment> CreateAsync(
        Deployment deployment, string definition, string? cid, IReadOnlyList<DeploymentEvent> events, CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = Now();
        deployment = deployment with { ActiveRevision = 1, Version = 1, CreatedAt = now, UpdatedAt = now };
        using IDisposable? turn = await database.EnterAsync(cancellationToken);
        await using DeploymentsContext db = database.Open();
        if (await FindAsync(db) is { } earlier) return earlier;
        db.Deployments.Add(DeploymentRow.Of(deployment));
        db.Revisions.Add(new DeploymentRevision { Deployment = deployment.Id, Revision = 1, Definition = definition, Cid = cid, CreatedAt = now });
        AddEvents(db, deployment.Id, events, now);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException) when (deployment.IdempotencyKey is not null)
        {
            // Another process made it between the look and the write.
            if (await FindAsync(db) is { } meanwhile) return meanwhile;
            throw;
        }
        Saved?.Invoke(deployment.Id);
        return new CreatedDeployment(deployment, IsNew: true);

        async Task<CreatedDeployment?> FindAsync(DeploymentsContext db)
        {
            if (deployment.IdempotencyKey is not { } key) return null;
            DeploymentRow? found = await db.Deployments
                .FirstOrDefaultAsync(row => row.Owner == deployment.Owner && row.IdempotencyKey == key, cancellationToken);
            return found is null ? null : new CreatedDeployment(found.ToDeployment(), IsNew: false);
        }
    }

    /// <summary>Writes a deployment, its jobs, targets, transactions, events and its next due time together.</summary>
    /// <returns>The deployment with its new version; null, with nothing written, when another has written it since it was read.</returns>
    public async Task<Deployment?> TrySaveAsync(DeploymentChange change, CancellationToken cancellationToken = default)
    {
        using IDisposable? turn = await database.EnterAsync(cancellationToken);
        await using DeploymentsContext db = database.Open();
        return await TrySaveAsync(db, change, cancellationToken);
    }

    /// <summary>Writes another definition, the highest number so far and one, as the active one.</summary>
    /// <returns>Null as with <see cref="TrySaveAsync(DeploymentChange, CancellationToken)"/>.</returns>
    public async Task<Deployment?> TryAddRevisionAsync(
        DeploymentChange change, string definition, string? cid, CancellationToken cancellationToken = default)
    {
        using IDisposable? turn = await database.EnterAsync(cancellationToken);
        await using DeploymentsContext db = database.Open();
        string id = change.Deployment.Id;
        // Whoever adds one at the same time has the same version, and one of the two writes nothing.
        int last = await db.Revisions.Where(one => one.Deployment == id).MaxAsync(one => (int?)one.Revision, cancellationToken) ?? 0;
        return await TrySaveAsync(db, change with
        {
            Deployment = change.Deployment with { ActiveRevision = last + 1 },
            NewRevision = new DeploymentRevision { Deployment = id, Revision = last + 1, Definition = definition, Cid = cid, CreatedAt = Now() },
        }, cancellationToken);
    }

    /// <summary>Removes a deployment with all that belongs to it; its vault stays.</summary>
    /// <returns>False when another has written it since it was read.</returns>
    public async Task<bool> TryDeleteAsync(Deployment deployment, CancellationToken cancellationToken = default)
    {
        using IDisposable? turn = await database.EnterAsync(cancellationToken);
        await using DeploymentsContext db = database.Open();
        bool isGone = await db.Deployments.Where(row => row.Id == deployment.Id && row.Version == deployment.Version)
            .ExecuteDeleteAsync(cancellationToken) == 1;
        if (isGone) Saved?.Invoke(deployment.Id);
        return isGone;
    }

    /// <summary>What is to be looked at until a time, the longest due first.</summary>
    /// <param name="until">The time.</param>
    /// <param name="after">The last one of the answer before; null to begin.</param>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<DueDeployment>> DueAsync(
        DateTimeOffset until, DueDeployment? after = null, int limit = 1000, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        IQueryable<DeploymentRow> due = db.Deployments.Where(row => row.NextAt <= until);
        if (after is { } last) due = due.Where(row => row.NextAt > last.At || (row.NextAt == last.At && string.Compare(row.Id, last.Id) > 0));
        return await due.OrderBy(row => row.NextAt).ThenBy(row => row.Id).Take(limit)
            .Select(row => new DueDeployment(row.Id, row.NextAt!.Value)).ToListAsync(cancellationToken);
    }

    /// <summary>Something that they depend on has changed: they are due now, and what is being planned for them is void.</summary>
    public async Task WakeAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default)
    {
        if (ids.Count == 0) return;
        DateTimeOffset? now = Now();
        using IDisposable? turn = await database.EnterAsync(cancellationToken);
        await using DeploymentsContext db = database.Open();
        // Where several processes write, one at a time: two that hold some and wait for others would wait for each other.
        foreach (string[] some in database.HasOneWriter ? [[.. ids]] : ids.Select(id => (string[])[id]))
        {
            await db.Deployments.Where(row => some.Contains(row.Id))
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAt, now).SetProperty(row => row.Version, row => row.Version + 1), cancellationToken);
        }
        foreach (string id in ids) Saved?.Invoke(id);
    }

    private async Task<Deployment?> TrySaveAsync(DeploymentsContext db, DeploymentChange change, CancellationToken cancellationToken)
    {
        DateTimeOffset now = Now();
        long seen = change.Deployment.Version;
        Deployment saved = change.Deployment with { Version = seen + 1, UpdatedAt = change.IsOwners ? now : change.Deployment.UpdatedAt };
        DeploymentRow row = DeploymentRow.Of(saved);
        await using IDbContextTransaction? transaction = change.IsMoreThanTheDeployment ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        // First of all: from here on the row is ours, and ids of events grow in the order in which writes are made.
        int written = await db.Deployments.Where(one => one.Id == row.Id && one.Version == seen).ExecuteUpdateAsync(set => set
            .SetProperty(one => one.Vault, row.Vault)
            .SetProperty(one => one.Market, row.Market)
            .SetProperty(one => one.Name, row.Name)
            .SetProperty(one => one.Status, row.Status)
            .SetProperty(one => one.Version, row.Version)
            .SetProperty(one => one.NextAt, row.NextAt)
            .SetProperty(one => one.UpdatedAt, row.UpdatedAt)
            .SetProperty(one => one.Search, row.Search)
            .SetProperty(one => one.Document, row.Document), cancellationToken);
        if (written == 0) return null;
        if (change.NewRevision is { } revision) db.Revisions.Add(revision);
        db.Jobs.AddRange(change.NewJobs.Select(job => job with { Deployment = row.Id, UpdatedAt = now }));
        db.Jobs.UpdateRange(change.ChangedJobs.Select(job => job with { Deployment = row.Id, UpdatedAt = now }));
        db.Transactions.AddRange(change.NewTransactions.Select(one => one with { Deployment = row.Id, CreatedAt = now, UpdatedAt = now }));
        db.Transactions.UpdateRange(change.ChangedTransactions.Select(one => one with { Deployment = row.Id, UpdatedAt = now }));
        await AddTargetsAsync(db, row.Id, change.NewTargets, now, cancellationToken);
        db.Targets.UpdateRange(change.ChangedTargets.Select(one => one with { Deployment = row.Id, UpdatedAt = now }));
        AddEvents(db, row.Id, change.Events, now);
        await db.SaveChangesAsync(cancellationToken);
        if (transaction is not null) await transaction.CommitAsync(cancellationToken);
        Saved?.Invoke(row.Id);
        return saved;
    }

    // What is asked for again after it was done or given up (a fork of the chain undid it) is taken up again: the chain itself takes each of them once.
    private static async Task AddTargetsAsync(
        DeploymentsContext db, string deployment, IReadOnlyList<ChainTarget> targets, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (targets.Count == 0) return;
        string[] keys = [.. targets.Select(one => one.Key)];
        List<string> closed = await db.Targets
            .Where(one => one.Deployment == deployment && keys.Contains(one.Key) && (one.State == TargetState.Confirmed || one.State == TargetState.Dropped))
            .Select(one => one.Key).ToListAsync(cancellationToken);
        foreach (ChainTarget target in targets.Select(one => one with { Deployment = deployment, CreatedAt = now, UpdatedAt = now }))
        {
            if (closed.Contains(target.Key)) db.Targets.Update(target);
            else db.Targets.Add(target);
        }
    }

    private static void AddEvents(DeploymentsContext db, string deployment, IReadOnlyList<DeploymentEvent> events, DateTimeOffset now) =>
        db.Events.AddRange(events.Select(one => new StoredEvent
        {
            Deployment = deployment,
            Category = one.Category,
            Type = one.Type,
            Message = one.Message,
            Tx = one.Tx,
            Actor = one.Actor,
            CreatedAt = now,
        }));

    // To the millisecond: what is read again is what was written.
    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
}

/// <summary>What came of a wish for a new deployment.</summary>
/// <param name="Deployment">The new one; or the one that the same request made before.</param>
/// <param name="IsNew">Which of the two.</param>
public sealed record CreatedDeployment(Deployment Deployment, bool IsNew);
