using System.Diagnostics.CodeAnalysis;
using System.Text;
using Nosana.Solana.Wallet;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Node.Ssh.Authorizations;

/// <summary>What a signed text must speak of, and whose signature it must have.</summary>
/// <param name="Owner">The project of the job on chain.</param>
/// <param name="Networks">Names of this host's network.</param>
internal sealed record SigningContext(PublicKey Owner, string Job, string Node, IReadOnlyList<string> Networks, DateTimeOffset Now)
{
    /// <summary>Nobody has the key of zeros, and a signature that counts for it can be made by anybody.</summary>
    public bool IsSigned(string text, ReadOnlySpan<byte> signature) => !Owner.IsZero && Ed25519.Verify(Owner, Encoding.UTF8.GetBytes(text), signature);

    /// <param name="text">Base58 of 64 bytes.</param>
    public static bool TryDecode(string text, [NotNullWhen(true)] out byte[]? signature) =>
        Encoders.Base58.TryDecodeData(text, Ed25519.SignatureLength, out signature);
}
