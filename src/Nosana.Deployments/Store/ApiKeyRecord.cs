using System.Security.Cryptography;
using System.Text;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Deployments.Store;

/// <summary>A key of this manager's own API. The key itself is shown once and kept nowhere.</summary>
public sealed record ApiKeyRecord
{
    /// <summary>How every key begins, the network's as well.</summary>
    public const string Beginning = "nos_";

    private const int SecretLength = 32, PrefixLength = 10;

    /// <summary>SHA-256 of the key, in lower-case hex: it is random enough not to be guessed.</summary>
    public required string Hash { get; init; }

    public required string Owner { get; init; }

    public string Name { get; init; } = "";

    /// <summary>Its first characters, to tell it from others.</summary>
    public required string Prefix { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>It is refused from then on; null never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>A new one, and its text for its owner.</summary>
    public static (ApiKeyRecord Key, string Text) Issue(string owner, string name, DateTimeOffset? expiresAt = null)
    {
        string text = Beginning + Encoders.Base58.EncodeData(RandomNumberGenerator.GetBytes(SecretLength));
        return (new ApiKeyRecord { Hash = HashOf(text), Owner = owner, Name = name, Prefix = text[..PrefixLength], ExpiresAt = expiresAt }, text);
    }

    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
