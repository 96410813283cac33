using System.Globalization;
using System.Security.Cryptography;
using Nosana.Deployments.Store;
using Nosana.Solana.Wallet;

namespace Nosana.Deployments.Vaults;

/// <summary>Vaults of owners: made, found, and opened to sign.</summary>
public sealed class VaultKeeper(DeploymentStore store, VaultCipher cipher)
{
    /// <summary>An owner's oldest key pair; the first time it is made.</summary>
    public async Task<VaultRecord> GetOrCreateAsync(string owner, CancellationToken cancellationToken = default) =>
        (await store.VaultsAsync(owner, cancellationToken)).FirstOrDefault(vault => !vault.IsApiKey)
        ?? await store.AddSharedVaultAsync(Fresh(owner), cancellationToken);

    /// <summary>Another key pair, whatever there is.</summary>
    public Task<VaultRecord> CreateAsync(string owner, CancellationToken cancellationToken = default) => store.SaveVaultAsync(Fresh(owner), cancellationToken);

    /// <summary>An owner's vault that pays by a service: its address is the owner's own. A key that was rotated takes the place of the one before.</summary>
    /// <exception cref="FormatException">It is no such key.</exception>
    public async Task<VaultRecord> UseApiKeyAsync(string owner, string apiKey, CancellationToken cancellationToken = default)
    {
        if (!IsApiKey(apiKey)) throw new FormatException($"An API key begins with {ApiKeyRecord.Beginning}.");
        VaultRecord? vault = await store.FindVaultAsync(owner, cancellationToken);
        if (vault is not null && cipher.Decrypt(vault.Key) == apiKey) return vault;
        return await store.SaveVaultAsync(new VaultRecord { Vault = owner, Owner = owner, Key = cipher.Encrypt(apiKey), IsApiKey = true }, cancellationToken);
    }

    /// <summary>An owner's vaults, the oldest first.</summary>
    public Task<IReadOnlyList<VaultRecord>> ListAsync(string owner, CancellationToken cancellationToken = default) =>
        store.VaultsAsync(owner, cancellationToken);

    /// <summary>The key pair of a vault, to be disposed of after use.</summary>
    /// <returns>Null when there is no such vault, or it holds an API key.</returns>
    /// <exception cref="CryptographicException">It does not open, or holds another key pair than its address says.</exception>
    public async Task<Account?> OpenAsync(string vault, CancellationToken cancellationToken = default) =>
        await store.FindVaultAsync(vault, cancellationToken) is { IsApiKey: false } found ? Open(found) : null;

    /// <summary>The API key of a vault.</summary>
    /// <returns>Null when there is no such vault, or it holds a key pair.</returns>
    public async Task<string?> OpenApiKeyAsync(string vault, CancellationToken cancellationToken = default) =>
        await store.FindVaultAsync(vault, cancellationToken) is { IsApiKey: true } found ? cipher.Decrypt(found.Key) : null;

    /// <summary>Whether the master key is the one that vaults were written with: at start, before anybody needs one.</summary>
    /// <exception cref="CryptographicException">It is not.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken = default)
    {
        if (await store.AnyVaultAsync(cancellationToken) is { } any) cipher.Decrypt(any.Key);
    }

    private VaultRecord Fresh(string owner)
    {
        byte[] seed = RandomNumberGenerator.GetBytes(Ed25519.SeedLength);
        using Account account = Account.FromSeed(seed);
        var vault = new VaultRecord { Vault = account.PublicKey.Key, Owner = owner, Key = cipher.Encrypt(TextOf(seed)) };
        CryptographicOperations.ZeroMemory(seed);
        return vault;
    }

    private Account Open(VaultRecord vault)
    {
        byte[] seed = SeedOf(cipher.Decrypt(vault.Key));
        Account account = Account.FromSeed(seed);
        CryptographicOperations.ZeroMemory(seed);
        if (account.PublicKey.Key == vault.Vault) return account;
        account.Dispose();
        throw new CryptographicException($"The vault {vault.Vault} holds the key pair of another address.");
    }

    internal static bool IsApiKey(string plain) => plain.StartsWith(ApiKeyRecord.Beginning, StringComparison.Ordinal);

    // The network's form: bytes in decimal with commas between.
    internal static string TextOf(byte[] seed) => string.Join(',', seed.Select(one => one.ToString(CultureInfo.InvariantCulture)));

    internal static byte[] SeedOf(string text)
    {
        string[] words = text.Split(',');
        byte[] seed = new byte[Ed25519.SeedLength];
        if (words.Length != seed.Length) throw new CryptographicException("A vault holds no key pair.");
        for (int i = 0; i < seed.Length; i++)
        {
            if (!byte.TryParse(words[i], NumberStyles.None, CultureInfo.InvariantCulture, out seed[i]))
                throw new CryptographicException("A vault holds no key pair.");
        }
        return seed;
    }
}
