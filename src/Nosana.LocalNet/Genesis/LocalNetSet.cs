using Nosana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Genesis;

/// <summary>One of the two builds of the programs that the network runs side by side, and its market.</summary>
/// <param name="Programs">Addresses, with the administrators' keys of this network instead of the real ones.</param>
/// <param name="Market">The market that is open from the first block on.</param>
public sealed record LocalNetSet(ProgramAddresses Programs, PublicKey Market)
{
    /// <summary>"mainnet" or "devnet".</summary>
    public string Network => Programs.Network;

    public PublicKey MarketVault => Programs.MarketVault(Market).Address;
}
