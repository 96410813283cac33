using Microsoft.EntityFrameworkCore;

namespace Nosana.Deployments.Store;

public sealed partial class DeploymentStore
{
    /// <summary>
    /// A deployment's events after one of them, in the order in which they happened. None is missed: an id is given while the deployment's row is held.
    /// </summary>
    public async Task<IReadOnlyList<StoredEvent>> EventsAfterAsync(
        string deployment, long after, int limit = 1000, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.Events.Where(one => one.Deployment == deployment && one.Id > after).OrderBy(one => one.Id).Take(limit).ToListAsync(cancellationToken);
    }

    /// <summary>Of a deployment, 0 when it has none.</summary>
    public async Task<long> LastEventIdAsync(string deployment, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.Events.Where(one => one.Deployment == deployment).MaxAsync(one => (long?)one.Id, cancellationToken) ?? 0;
    }

    /// <summary>
    /// Events of all deployments that nobody has been told of yet: by a mark and not by a number, since those of several are written side by side.
    /// </summary>
    public async Task<IReadOnlyList<StoredEvent>> UndeliveredEventsAsync(int limit = 1000, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.Events.Where(one => !one.IsDelivered).OrderBy(one => one.Id).Take(limit).ToListAsync(cancellationToken);
    }

    public async Task MarkDeliveredAsync(IReadOnlyCollection<long> events, CancellationToken cancellationToken = default)
    {
        using IDisposable? turn = await database.EnterAsync(cancellationToken);
        await using DeploymentsContext db = database.Open();
        await db.Events.Where(one => events.Contains(one.Id)).ExecuteUpdateAsync(set => set.SetProperty(one => one.IsDelivered, true), cancellationToken);
    }
}
