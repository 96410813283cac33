using Nosana.LocalNet.BuiltIn;
using Nosana.LocalNet.Programs;
using Nosana.LocalNet.Programs.Anchor;
using Nosana.LocalNet.Programs.Jobs;
using Nosana.LocalNet.Programs.Nodes;
using Nosana.LocalNet.Programs.Pools;
using Nosana.LocalNet.Programs.Rewards;
using Nosana.LocalNet.Programs.Staking;
using Nosana.LocalNet.Runtime;

namespace Nosana.LocalNet.Genesis;

/// <summary>Every program of the network: Solana's built-in ones, the jobs program of each set, and the four that the sets share.</summary>
internal static class DeployedPrograms
{
    /// <param name="feeDivisor">Share of a deposit taken on top as a fee: 0 for none.</param>
    /// <param name="rejectDuplicates">Whether a writable account may stand only once in a call (Anchor 1.0).</param>
    public static IReadOnlyList<IOnChainProgram> Of(IReadOnlyList<LocalNetSet> sets, ulong feeDivisor, bool rejectDuplicates)
    {
        var derived = new DerivedAddresses();
        var networks = new NosanaNetworks([.. sets.Select(set => set.Programs)], derived);
        return
        [
            new SystemProgram(), new ComputeBudgetProgram(), new TokenProgram(), new AssociatedTokenProgram(),
            .. networks.All.Select(addresses => new JobsProgram(new JobsSetup(addresses, derived, feeDivisor), rejectDuplicates)),
            new StakingProgram(networks, rejectDuplicates), new RewardsProgram(networks, rejectDuplicates),
            new PoolsProgram(networks, rejectDuplicates), new NodesProgram(networks, rejectDuplicates),
        ];
    }
}
