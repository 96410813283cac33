using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>Verifies every signature that a message requires.</summary>
internal static class SignatureCheck
{
    public static bool Verify(WireTransaction wire)
    {
        for (int i = 0; i < wire.Signatures.Length; i++)
        {
            if (!Ed25519.Verify(wire.Message.Keys[i], wire.MessageBytes, wire.Signatures[i])) return false;
        }
        return true;
    }
}
