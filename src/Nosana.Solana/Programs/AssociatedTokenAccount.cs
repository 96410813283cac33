using Nosana.Solana.Wallet;

namespace Nosana.Solana.Programs;

/// <summary>The address at which an owner's tokens of a mint are kept by convention.</summary>
public static class AssociatedTokenAccount
{
    /// <summary>The owner's associated SPL Token account for the mint.</summary>
    public static PublicKey Derive(PublicKey owner, PublicKey mint) =>
        PublicKey.TryFindProgramAddress(
            [owner.KeyBytes, WellKnownAddresses.TokenProgram.KeyBytes, mint.KeyBytes], WellKnownAddresses.AssociatedTokenProgram, out PublicKey address, out _)
            ? address
            : throw new InvalidOperationException($"No associated token account exists for owner {owner} and mint {mint}."); // 2^-256
}
