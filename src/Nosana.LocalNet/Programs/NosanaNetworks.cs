using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Programs;

/// <summary>
/// The networks that one chain serves at once. Staking, rewards, pools and nodes have the same program ids on all of them, so that
/// there the mint of a call, not the program, says which network it belongs to.
/// </summary>
/// <param name="All">At least one; the first gives what only one network can give: settings and the reflection's vault.</param>
/// <param name="Derived">Addresses found so far.</param>
internal sealed record NosanaNetworks(IReadOnlyList<ProgramAddresses> All, DerivedAddresses Derived)
{
    public ProgramAddresses Primary => All[0];

    public bool IsNosMint(PublicKey mint) => All.Any(network => network.NosMint == mint);

    public bool IsAuthority(PublicKey key) => All.Any(network => network.Authority == key);
}
