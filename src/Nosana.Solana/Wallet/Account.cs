using System.Security.Cryptography;
using NSec.Cryptography;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Solana.Wallet;

/// <summary>An Ed25519 key pair that signs. The private half stays in libsodium's guarded memory; nothing here prints it. Safe from any thread.</summary>
public sealed class Account : IDisposable
{
    /// <summary>Length of Solana's secret key form: the 32-byte seed followed by the 32-byte public key.</summary>
    public const int SecretKeyLength = 64;

    private readonly Key _key;

    private Account(Key key)
    {
        _key = key;
        PublicKey = new PublicKey(key.PublicKey.Export(KeyBlobFormat.RawPublicKey));
    }

    /// <summary>A fresh random key pair.</summary>
    public Account() : this(Ed25519.FreshKey())
    {
    }

    public PublicKey PublicKey { get; }

    /// <summary>The key pair of a 32-byte seed.</summary>
    public static Account FromSeed(ReadOnlySpan<byte> seed) => new(Ed25519.KeyFromSeed(seed));

    /// <summary>The key pair of the 64-byte form.</summary>
    /// <exception cref="ArgumentException">Not 64 bytes, or the public half does not belong to the private half.</exception>
    public static Account FromSecretKey(ReadOnlySpan<byte> secretKey)
    {
        if (secretKey.Length != SecretKeyLength)
            throw new ArgumentException($"A secret key has {SecretKeyLength} bytes, not {secretKey.Length}.", nameof(secretKey));
        Account account = FromSeed(secretKey[..Ed25519.SeedLength]);
        if (account.PublicKey == new PublicKey(secretKey[Ed25519.SeedLength..])) return account;
        account.Dispose();
        throw new ArgumentException("The public half of the secret key does not belong to its private half.", nameof(secretKey));
    }

    /// <summary>The key pair of the base58 text of the 64-byte form.</summary>
    /// <exception cref="FormatException">The text is not base58.</exception>
    public static Account FromSecretKey(string secretKey)
    {
        // The text itself must not reach a message: it is the key.
        if (!Encoders.Base58.TryDecodeData(secretKey, SecretKeyLength, out byte[]? bytes))
            throw new FormatException($"The secret key is not the base58 text of {SecretKeyLength} bytes.");
        try
        {
            return FromSecretKey(bytes);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <summary>The 64-byte signature of the message (RFC 8032, deterministic).</summary>
    public byte[] Sign(ReadOnlySpan<byte> message) => SignatureAlgorithm.Ed25519.Sign(_key, message);

    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature) => Ed25519.Verify(PublicKey, message, signature);

    /// <summary>A copy of the 64-byte form. The caller clears it after use and never logs it.</summary>
    public byte[] ExportSecretKey()
    {
        var secret = new byte[SecretKeyLength];
        byte[] seed = _key.Export(KeyBlobFormat.RawPrivateKey);
        seed.CopyTo(secret, 0);
        CryptographicOperations.ZeroMemory(seed);
        PublicKey.CopyTo(secret.AsSpan(Ed25519.SeedLength));
        return secret;
    }

    public void Dispose() => _key.Dispose();

    /// <summary>The address; never the secret.</summary>
    public override string ToString() => PublicKey.Key;
}
