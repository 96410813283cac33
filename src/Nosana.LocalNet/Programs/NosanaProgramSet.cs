using Nosana.LocalNet.Programs.Anchor;
using Nosana.LocalNet.Programs.Jobs;
using Nosana.LocalNet.Programs.Metadata;
using Nosana.LocalNet.Programs.Nodes;
using Nosana.LocalNet.Programs.Pools;
using Nosana.LocalNet.Programs.Rewards;
using Nosana.LocalNet.Programs.Staking;
using Nosana.LocalNet.Runtime;
using Nosana.Programs;

namespace Nosana.LocalNet.Programs;

/// <summary>Nosana's programs, and token metadata, for a bank.</summary>
internal static class NosanaProgramSet
{
    /// <summary>One jobs program a network; one each of staking, rewards, pools, nodes and token metadata.</summary>
    /// <param name="networks">
    /// The networks served at once, the first being the one that has what only one can have (staking settings, the vault of the reflection).
    /// Keys with special rights are overridden in them.
    /// </param>
    /// <param name="feeDivisor">The network's fee is the deposit divided by this, on top of it: 0 none (since version 2.2.2), 10 before.</param>
    /// <param name="rejectDuplicates">Whether two writable accounts of a call must differ (2040): true since version 2.2.4, false before.</param>
    public static IReadOnlyList<IOnChainProgram> Create(IReadOnlyList<ProgramAddresses> networks, ulong feeDivisor = 0, bool rejectDuplicates = true)
    {
        if (networks.Count == 0) throw new ArgumentException("At least one network.", nameof(networks));
        var derived = new DerivedAddresses();
        var shared = new NosanaNetworks(networks, derived);
        return
        [
            .. networks.Select(addresses => new JobsProgram(new JobsSetup(addresses, derived, feeDivisor), rejectDuplicates)),
            new StakingProgram(shared, rejectDuplicates),
            new RewardsProgram(shared, rejectDuplicates),
            new PoolsProgram(shared, rejectDuplicates),
            new NodesProgram(shared, rejectDuplicates),
            new TokenMetadataProgram(derived),
        ];
    }
}
