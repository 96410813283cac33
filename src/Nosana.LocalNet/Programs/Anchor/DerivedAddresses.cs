using System.Collections.Concurrent;
using Nosana.Programs;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Programs.Anchor;

/// <summary>
/// Program-derived addresses, remembered: the search for one costs more than all the rest of a call, and the same wallets call again.
/// Safe from any thread.
/// </summary>
internal sealed class DerivedAddresses
{
    /// <summary>Some 30 MB of addresses; beyond it, forgetting all is cheaper than keeping an order.</summary>
    private const int Capacity = 200_000;

    private readonly ConcurrentDictionary<string, (PublicKey Address, byte Bump)> _found = new(StringComparer.Ordinal);

    public (PublicKey Address, byte Bump) Find(PublicKey program, params byte[][] seeds)
    {
        string key = Convert.ToBase64String([.. program.KeyBytes, .. seeds.SelectMany(seed => seed.Prepend((byte)seed.Length))]);
        if (_found.TryGetValue(key, out (PublicKey, byte) known)) return known;
        ProgramDerivedAddress derived = ProgramDerivedAddress.Find(program, seeds);
        if (_found.Count >= Capacity) _found.Clear();
        _found[key] = (derived.Address, derived.Bump);
        return (derived.Address, derived.Bump);
    }

    public PublicKey TokenAccount(PublicKey owner, PublicKey mint) =>
        Find(WellKnownAddresses.AssociatedTokenProgram, owner.KeyBytes, WellKnownAddresses.TokenProgram.KeyBytes, mint.KeyBytes).Address;

    public PublicKey Metadata(PublicKey mint) =>
        Find(WellKnownAddresses.TokenMetadataProgram, "metadata"u8.ToArray(), WellKnownAddresses.TokenMetadataProgram.KeyBytes, mint.KeyBytes).Address;
}
