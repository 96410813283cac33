using NSec.Cryptography;

namespace Nosana.Solana.Wallet;

/// <summary>
/// Ed25519 signatures (RFC 8032) by libsodium. Stateless and safe from any thread. Verification is as strict as Solana's own
/// (<c>verify_strict</c>): keys and nonces of small order and scalars out of range are refused, so that no message has two signatures.
/// </summary>
public static class Ed25519
{
    /// <summary>Length of a private seed in bytes.</summary>
    public const int SeedLength = 32;

    /// <summary>Length of a signature in bytes.</summary>
    public const int SignatureLength = 64;

    private static KeyCreationParameters Exportable => new() { ExportPolicy = KeyExportPolicies.AllowPlaintextExport };

    /// <summary>
    /// Whether <paramref name="signature"/> is that of <paramref name="message"/> by <paramref name="publicKey"/>. Anything malformed
    /// (lengths, a scalar out of range, a key off the curve) is false, never an exception.
    /// </summary>
    public static bool Verify(PublicKey publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Span<byte> bytes = stackalloc byte[PublicKey.Length];
        publicKey.CopyTo(bytes);
        return NSec.Cryptography.PublicKey.TryImport(SignatureAlgorithm.Ed25519, bytes, KeyBlobFormat.RawPublicKey, out var key)
            && SignatureAlgorithm.Ed25519.Verify(key!, message, signature);
    }

    internal static Key FreshKey() => Key.Create(SignatureAlgorithm.Ed25519, Exportable);

    internal static Key KeyFromSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != SeedLength) throw new ArgumentException($"A private seed has {SeedLength} bytes, not {seed.Length}.", nameof(seed));
        return Key.Import(SignatureAlgorithm.Ed25519, seed, KeyBlobFormat.RawPrivateKey, Exportable);
    }
}
