using System.Runtime.InteropServices;

namespace Nosana.Solana.Wallet;

/// <summary>The few functions of OpenSSL 3 that Ed25519 needs. .NET itself loads the same library for TLS.</summary>
internal static unsafe partial class Libcrypto
{
    private const string Library = "libcrypto.so.3";

    /// <summary><c>NID_ED25519</c> of openssl/obj_mac.h.</summary>
    public const int EvpPkeyEd25519 = 1087;

    [LibraryImport(Library)]
    public static partial SafeKeyHandle EVP_PKEY_new_raw_private_key(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Library)]
    public static partial SafeKeyHandle EVP_PKEY_new_raw_public_key(int type, nint engine, byte* key, nuint length);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_get_raw_public_key(SafeKeyHandle key, byte* destination, nuint* length);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_get_raw_private_key(SafeKeyHandle key, byte* destination, nuint* length);

    [LibraryImport(Library)]
    public static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Library)]
    public static partial SafeDigestHandle EVP_MD_CTX_new();

    [LibraryImport(Library)]
    public static partial void EVP_MD_CTX_free(nint context);

    [LibraryImport(Library)]
    public static partial int EVP_DigestSignInit(SafeDigestHandle context, nint keyContext, nint digest, nint engine, SafeKeyHandle key);

    [LibraryImport(Library)]
    public static partial int EVP_DigestSign(SafeDigestHandle context, byte* signature, nuint* signatureLength, byte* message, nuint messageLength);

    [LibraryImport(Library)]
    public static partial int EVP_DigestVerifyInit(SafeDigestHandle context, nint keyContext, nint digest, nint engine, SafeKeyHandle key);

    [LibraryImport(Library)]
    public static partial int EVP_DigestVerify(SafeDigestHandle context, byte* signature, nuint signatureLength, byte* message, nuint messageLength);

    /// <summary>Failures queue up per thread; what is left there would be reported by the next user of the library, TLS included.</summary>
    [LibraryImport(Library)]
    public static partial void ERR_clear_error();

    /// <summary>An <c>EVP_PKEY</c>: freed once, when the last user is gone.</summary>
    internal sealed class SafeKeyHandle() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            EVP_PKEY_free(handle);
            return true;
        }
    }

    /// <summary>An <c>EVP_MD_CTX</c>: one operation's state, never shared between threads.</summary>
    internal sealed class SafeDigestHandle() : SafeHandle(0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle()
        {
            EVP_MD_CTX_free(handle);
            return true;
        }
    }
}
