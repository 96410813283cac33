using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>What one build of the jobs program has compiled in.</summary>
/// <param name="Addresses">Its network's addresses.</param>
/// <param name="Derived">Addresses found so far.</param>
/// <param name="FeeDivisor">Share of a deposit paid on top as the network's fee: 0 none, 10 before version 2.2.2.</param>
internal sealed record JobsSetup(ProgramAddresses Addresses, DerivedAddresses Derived, ulong FeeDivisor)
{
    public PublicKey TokenAccount(PublicKey owner) => Derived.TokenAccount(owner, Addresses.NosMint);

    public PublicKey Stake(PublicKey wallet) => Derived.Find(Addresses.Staking, "stake"u8.ToArray(), Addresses.NosMint.KeyBytes, wallet.KeyBytes).Address;

    /// <summary>Seeds by which a market's vault signs.</summary>
    public byte[][] VaultSeeds(AnchorCall call, DataRule<MarketAccount> market) =>
        [market.Key(call).KeyBytes, Addresses.NosMint.KeyBytes, [market.Of(call).VaultBump]];
}
