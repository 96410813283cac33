using System.Security.Cryptography;
using static Nosana.Solana.Wallet.Libcrypto;

namespace Nosana.Solana.Wallet;

/// <summary>Ed25519 signatures (RFC 8032) by OpenSSL's libcrypto. Stateless and safe from any thread.</summary>
public static unsafe class Ed25519
{
    /// <summary>Length of a private seed in bytes.</summary>
    public const int SeedLength = 32;

    /// <summary>Length of a signature in bytes.</summary>
    public const int SignatureLength = 64;

    /// <summary>Whether <paramref name="signature"/> is that of <paramref name="message"/> by <paramref name="publicKey"/>. Anything malformed (lengths, a scalar out of range, a key off the curve) is false, never an exception.</summary>
    public static bool Verify(PublicKey publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != SignatureLength) return false;
        Span<byte> keyBytes = stackalloc byte[PublicKey.Length];
        publicKey.CopyTo(keyBytes);
        fixed (byte* rawKey = keyBytes, rawSignature = signature, rawMessage = NonEmpty(message))
        {
            using SafeKeyHandle key = EVP_PKEY_new_raw_public_key(EvpPkeyEd25519, 0, rawKey, PublicKey.Length);
            if (key.IsInvalid)
            {
                ERR_clear_error();
                return false;
            }
            using SafeDigestHandle context = NewContext();
            if (EVP_DigestVerifyInit(context, 0, 0, 0, key) != 1) throw Failure("EVP_DigestVerifyInit");
            if (EVP_DigestVerify(context, rawSignature, SignatureLength, rawMessage, (nuint)message.Length) == 1) return true;
            ERR_clear_error();
            return false;
        }
    }

    internal static SafeKeyHandle KeyFromSeed(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != SeedLength) throw new ArgumentException($"A private seed has {SeedLength} bytes, not {seed.Length}.", nameof(seed));
        fixed (byte* raw = seed)
        {
            SafeKeyHandle key = EVP_PKEY_new_raw_private_key(EvpPkeyEd25519, 0, raw, SeedLength);
            if (!key.IsInvalid) return key;
            key.Dispose();
            throw Failure("EVP_PKEY_new_raw_private_key");
        }
    }

    internal static PublicKey PublicKeyOf(SafeKeyHandle key)
    {
        Span<byte> bytes = stackalloc byte[PublicKey.Length];
        nuint length = PublicKey.Length;
        fixed (byte* raw = bytes)
        {
            if (EVP_PKEY_get_raw_public_key(key, raw, &length) != 1 || length != PublicKey.Length) throw Failure("EVP_PKEY_get_raw_public_key");
        }
        return new PublicKey(bytes);
    }

    internal static void ExportSeed(SafeKeyHandle key, Span<byte> destination)
    {
        nuint length = SeedLength;
        fixed (byte* raw = destination)
        {
            if (destination.Length != SeedLength || EVP_PKEY_get_raw_private_key(key, raw, &length) != 1 || length != SeedLength) throw Failure("EVP_PKEY_get_raw_private_key");
        }
    }

    internal static void Sign(SafeKeyHandle key, ReadOnlySpan<byte> message, Span<byte> destination)
    {
        if (destination.Length != SignatureLength) throw new ArgumentException($"A signature has {SignatureLength} bytes.", nameof(destination));
        nuint length = SignatureLength;
        fixed (byte* rawSignature = destination, rawMessage = NonEmpty(message))
        {
            using SafeDigestHandle context = NewContext();
            if (EVP_DigestSignInit(context, 0, 0, 0, key) != 1) throw Failure("EVP_DigestSignInit");
            if (EVP_DigestSign(context, rawSignature, &length, rawMessage, (nuint)message.Length) != 1 || length != SignatureLength) throw Failure("EVP_DigestSign");
        }
    }

    // "fixed" gives a null pointer for an empty span, which the library takes for "no message yet".
    private static ReadOnlySpan<byte> NonEmpty(ReadOnlySpan<byte> message) => message.IsEmpty ? "\0"u8 : message;

    private static SafeDigestHandle NewContext()
    {
        SafeDigestHandle context = EVP_MD_CTX_new();
        return context.IsInvalid ? throw Failure("EVP_MD_CTX_new") : context;
    }

    private static CryptographicException Failure(string function)
    {
        ERR_clear_error();
        return new CryptographicException($"libcrypto.so.3 failed in {function}; Ed25519 needs OpenSSL 3 (Debian: apt-get install libssl3).");
    }
}
