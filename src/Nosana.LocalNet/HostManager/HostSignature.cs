using System.Text;
using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.LocalNet.HostManager;

/// <summary>Checks the authorization that hosts send, as the service does: by the signature of a fixed text.</summary>
internal static class HostSignature
{
    private const string SignMessage = "Hello Nosana Node!";

    /// <summary>The host of <c>ADDRESS:BASE64</c>, or null.</summary>
    public static PublicKey? OfLegacy(string? header)
    {
        if (header?.Split(':') is not [var address, var signature] || !PublicKey.TryParse(address, out PublicKey host)) return null;
        Span<byte> bytes = stackalloc byte[Ed25519.SignatureLength];
        return Convert.TryFromBase64String(signature, bytes, out int length) && length == Ed25519.SignatureLength && IsSigned(host, bytes) ? host : null;
    }

    /// <summary>Whether it is <c>MESSAGE:BASE58</c> of this host.</summary>
    public static bool IsPlainOf(string? header, PublicKey host) =>
        header?.Split(':') is [SignMessage, var signature] && Encoders.Base58.TryDecodeData(signature, Ed25519.SignatureLength, out byte[]? bytes)
            && bytes.Length == Ed25519.SignatureLength && IsSigned(host, bytes);

    private static bool IsSigned(PublicKey host, ReadOnlySpan<byte> signature) => Ed25519.Verify(host, Encoding.UTF8.GetBytes(SignMessage), signature);
}
