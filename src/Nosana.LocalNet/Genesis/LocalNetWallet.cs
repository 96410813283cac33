using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Genesis;

/// <summary>A wallet that has funds from the first block on: SOL, a NOS account for each mint, and a stake of 0 NOS in each set.</summary>
/// <param name="Address">The wallet.</param>
/// <param name="Lamports">1 SOL = 1,000,000,000 lamports.</param>
/// <param name="MicroNos">Of each mint; 1 NOS = 1,000,000.</param>
public sealed record LocalNetWallet(PublicKey Address, ulong Lamports = LocalNetWallet.DefaultLamports, ulong MicroNos = 0)
{
    /// <summary>100 SOL.</summary>
    public const ulong DefaultLamports = 100_000_000_000;
}
