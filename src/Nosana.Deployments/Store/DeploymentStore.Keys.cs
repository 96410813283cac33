using Microsoft.EntityFrameworkCore;

namespace Nosana.Deployments.Store;

public sealed partial class DeploymentStore
{
    public async Task<VaultRecord?> FindVaultAsync(string vault, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.Vaults.FirstOrDefaultAsync(one => one.Vault == vault, cancellationToken);
    }

    /// <summary>An owner's, the oldest first.</summary>
    public async Task<IReadOnlyList<VaultRecord>> VaultsAsync(string owner, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.Vaults.Where(one => one.Owner == owner).OrderBy(one => one.CreatedAt).ThenBy(one => one.Vault).ToListAsync(cancellationToken);
    }

    /// <summary>Any one; null when there is none at all.</summary>
    public async Task<VaultRecord?> AnyVaultAsync(CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.Vaults.OrderBy(one => one.Vault).FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>Writes the vault that its owner is given who has none.</summary>
    /// <returns>The one that another has written meanwhile, if so.</returns>
    public async Task<VaultRecord> AddSharedVaultAsync(VaultRecord vault, CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = Now();
        vault = vault with { IsShared = true, CreatedAt = now, UpdatedAt = now };
        using IDisposable? turn = await database.EnterAsync(cancellationToken);
        await using DeploymentsContext db = database.Open();
        db.Vaults.Add(vault);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException) when (db.Vaults.FirstOrDefault(one => one.Owner == vault.Owner && one.IsShared) is not null)
        {
            return await db.Vaults.FirstAsync(one => one.Owner == vault.Owner && one.IsShared, cancellationToken);
        }
        return vault;
    }

    /// <summary>Writes it, or its key anew.</summary>
    /// <exception cref="InvalidOperationException">Another owner has a vault of this address.</exception>
    public async Task<VaultRecord> SaveVaultAsync(VaultRecord vault, CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = Now();
        using IDisposable? turn = await database.EnterAsync(cancellationToken);
        await using DeploymentsContext db = database.Open();
        bool isWritten = await ChangeOrAddAsync(
            db,
            () => db.Vaults.Where(one => one.Vault == vault.Vault && one.Owner == vault.Owner)
                .ExecuteUpdateAsync(set => set.SetProperty(one => one.Key, vault.Key).SetProperty(one => one.UpdatedAt, now), cancellationToken),
            vault with { CreatedAt = now, UpdatedAt = now },
            cancellationToken);
        return isWritten
            ? await db.Vaults.FirstAsync(one => one.Vault == vault.Vault, cancellationToken)
            : throw new InvalidOperationException($"Another owner has the vault {vault.Vault}.");
    }

    /// <returns>Null when there is none, or it has expired.</returns>
    public async Task<ApiKeyRecord?> FindApiKeyAsync(string hash, CancellationToken cancellationToken = default)
    {
        DateTimeOffset now = Now();
        await using DeploymentsContext db = database.Open();
        return await db.ApiKeys.FirstOrDefaultAsync(one => one.Hash == hash && (one.ExpiresAt == null || one.ExpiresAt > now), cancellationToken);
    }

    public async Task<IReadOnlyList<ApiKeyRecord>> ApiKeysAsync(string owner, CancellationToken cancellationToken = default)
    {
        await using DeploymentsContext db = database.Open();
        return await db.ApiKeys.Where(one => one.Owner == owner).OrderBy(one => one.CreatedAt).ToListAsync(cancellationToken);
    }

    public async Task<ApiKeyRecord> AddApiKeyAsync(ApiKeyRecord key, CancellationToken cancellationToken = default)
    {
        using IDisposable? turn = await database.EnterAsync(cancellationToken);
        await using DeploymentsContext db = database.Open();
        key = key with { CreatedAt = Now() };
        db.ApiKeys.Add(key);
        await db.SaveChangesAsync(cancellationToken);
        return key;
    }

    /// <summary>Notes that it is in use.</summary>
    public async Task UsedApiKeyAsync(string hash, CancellationToken cancellationToken = default)
    {
        DateTimeOffset? now = Now();
        using IDisposable? turn = await database.EnterAsync(cancellationToken);
        await using DeploymentsContext db = database.Open();
        await db.ApiKeys.Where(one => one.Hash == hash).ExecuteUpdateAsync(set => set.SetProperty(one => one.LastUsedAt, now), cancellationToken);
    }

    /// <summary>It is refused from a time on: at once when it is given up, later when another takes its place.</summary>
    /// <returns>False when its owner has no such key.</returns>
    public async Task<bool> ExpireApiKeyAsync(string owner, string hash, DateTimeOffset at, CancellationToken cancellationToken = default)
    {
        using IDisposable? turn = await database.EnterAsync(cancellationToken);
        await using DeploymentsContext db = database.Open();
        return await db.ApiKeys.Where(one => one.Owner == owner && one.Hash == hash)
            .ExecuteUpdateAsync(set => set.SetProperty(one => one.ExpiresAt, at), cancellationToken) == 1;
    }
}
