using Microsoft.EntityFrameworkCore;

namespace Nosana.Deployments.Store;

public sealed partial class DeploymentStore
{
    public async Task<IReadOnlyList<Webhook>> WebhooksAsync(string owner, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.Webhooks.Where(one => one.Owner == owner).OrderBy(one => one.CreatedAt).ThenBy(one => one.Id).ToListAsync(cancellationToken);
    }

    public async Task<Webhook> AddWebhookAsync(Webhook webhook, CancellationToken cancellationToken = default)
    {
        using IDisposable? turn = await database.EnterAsync(cancellationToken);
        await using DeploymentsContext db = database.Open();
        webhook = webhook with { CreatedAt = Now() };
        db.Webhooks.Add(webhook);
        await db.SaveChangesAsync(cancellationToken);
        return webhook;
    }

    /// <returns>False when its owner has no such one.</returns>
    public async Task<bool> DeleteWebhookAsync(string owner, string id, CancellationToken cancellationToken = default)
    {
        using IDisposable? turn = await database.EnterAsync(cancellationToken);
        await using DeploymentsContext db = database.Open();
        return await db.Webhooks.Where(one => one.Owner == owner && one.Id == id).ExecuteDeleteAsync(cancellationToken) == 1;
    }
}
