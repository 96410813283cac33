using Nosana.Deployments.Model;
using Nosana.Deployments.Store;

namespace Nosana.Deployments.Api;

/// <summary>
/// Changes that owners make. Each is worked out on what was read and written only if nobody has written meanwhile; a lost race is tried once more on what
/// is there then, and refused after that.
/// </summary>
internal sealed class DeploymentEditor(DeploymentStore store, TimeProvider time)
{
    public const string Archived = "Cannot modify an archived deployment.", WrongState = "Deployment is in the incorrect state.",
        WrongStrategy = "Deployment is using an incorrect strategy.", Changed = "The deployment was changed by another request meanwhile. Try again.";

    private const int Tries = 2;

    /// <summary>A deployment of the caller's.</summary>
    /// <exception cref="ApiRefusal">404: there is none, or it is another's, which is not told apart.</exception>
    public async Task<Deployment> FindAsync(string id, string owner, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } found && found.Owner == owner ? found : throw ApiRefusal.NotFound();

    /// <exception cref="ApiRefusal">As above.</exception>
    public async Task<DeploymentSnapshot> ReadAsync(string id, string owner, CancellationToken cancellationToken) =>
        await store.ReadAsync(id, cancellationToken) is { } found && found.Deployment.Owner == owner ? found : throw ApiRefusal.NotFound();

    /// <summary>Moves it to the status that the table has for this.</summary>
    public Task<Deployment> MoveAsync(
        string id, string owner, Trigger on, string eventType, Func<Deployment, Deployment> also, CancellationToken cancellationToken) =>
        ChangeAsync(id, owner, before =>
        {
            DeploymentStatus to = Transitions.Find(before.Status, on) ?? throw ApiRefusal.Conflict(WrongState);
            return also(before) with { Status = to };
        }, eventType, $"The owner asked: {on}.", cancellationToken);

    /// <summary>Changes what is wished, of any that is not archived.</summary>
    public Task<Deployment> ChangeAsync(
        string id, string owner, Func<Deployment, Deployment> change, string eventType, string message, CancellationToken cancellationToken) =>
        TryAsync(id, owner, async before =>
            await store.TrySaveAsync(ChangeOf(before, change(before), owner, eventType, message), cancellationToken), cancellationToken);

    /// <summary>The same by what its jobs are, too.</summary>
    public async Task<Deployment> ChangeAsync(
        string id, string owner, Func<DeploymentSnapshot, Deployment> change, string eventType, string message, CancellationToken cancellationToken) =>
        await TryAsync(id, owner, async _ =>
        {
            DeploymentSnapshot before = await ReadAsync(id, owner, cancellationToken);
            return await store.TrySaveAsync(ChangeOf(before.Deployment, change(before), owner, eventType, message), cancellationToken);
        }, cancellationToken);

    /// <summary>Another definition, which becomes the active one.</summary>
    public Task<Deployment> ReviseAsync(string id, string owner, string definition, CancellationToken cancellationToken) =>
        TryAsync(id, owner, async before => await store.TryAddRevisionAsync(
            ChangeOf(before, before, owner, OwnerEvents.Revised, "The owner gave another definition."), definition, null, cancellationToken),
            cancellationToken);

    /// <summary>Removes it with all that belongs to it; its vault stays.</summary>
    public async Task DeleteAsync(string id, string owner, CancellationToken cancellationToken)
    {
        for (int i = 0; i < Tries; i++)
        {
            DeploymentSnapshot before = await ReadAsync(id, owner, cancellationToken);
            if (before.Deployment.Status != DeploymentStatus.Stopped || before.Jobs.Any(job => job.IsActive)) throw ApiRefusal.Conflict(WrongState);
            // With its rows would go what is known of money that is still on chain.
            if (before.Targets.Any(target => target.Kind == TargetKind.Recover))
                throw ApiRefusal.Conflict("Deposits of this deployment's jobs are still being recovered. Try again later.");
            if (await store.TryDeleteAsync(before.Deployment, cancellationToken)) return;
        }
        throw ApiRefusal.Conflict(Changed);
    }

    private async Task<Deployment> TryAsync(string id, string owner, Func<Deployment, Task<Deployment?>> save, CancellationToken cancellationToken)
    {
        for (int i = 0; i < Tries; i++)
        {
            Deployment before = await FindAsync(id, owner, cancellationToken);
            if (before.Status == DeploymentStatus.Archived) throw ApiRefusal.Conflict(Archived);
            if (await save(before) is { } saved) return saved;
        }
        throw ApiRefusal.Conflict(Changed);
    }

    // Whoever keeps it is to look at it at once; at one that is kept by nobody there is nothing to see.
    private DeploymentChange ChangeOf(Deployment before, Deployment after, string owner, string eventType, string message) => new(
        after.Status.IsLive() || after.Status == DeploymentStatus.Stopping ? after with { NextAt = time.GetUtcNow() } : after)
    {
        IsOwners = true,
        Events = [OwnerEvents.Of(owner, eventType, before.Status == after.Status ? message : $"{message} {before.Status} -> {after.Status}")],
    };
}
