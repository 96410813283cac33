using Nosana.LocalNet.Programs.Anchor;
using Nosana.LocalNet.Programs.Jobs;
using Nosana.LocalNet.Programs.Metadata;
using Nosana.LocalNet.Programs.Nodes;
using Nosana.LocalNet.Programs.Pools;
using Nosana.LocalNet.Programs.Rewards;
using Nosana.LocalNet.Programs.Staking;
using Nosana.LocalNet.Runtime;
using Nosana.Programs.Accounts;

namespace Nosana.LocalNet.Programs;

/// <summary>Nosana's programs, and token metadata, for a bank.</summary>
public static class NosanaProgramSet
{
    /// <summary>One jobs program a network; one each of staking, rewards, pools, nodes and token metadata.</summary>
    public static IReadOnlyList<IOnChainProgram> Create(NosanaProgramOptions options)
    {
        if (options.Networks.Count == 0) throw new ArgumentException("At least one network.", nameof(options));
        var derived = new DerivedAddresses();
        var networks = new NosanaNetworks(options.Networks, derived);
        bool reject = options.RejectDuplicateAccounts;
        return
        [
            .. options.Networks.Select(addresses => new JobsProgram(new JobsSetup(addresses, derived, options.FeeDivisor), reject)),
            new StakingProgram(networks, reject),
            new RewardsProgram(networks, reject),
            new PoolsProgram(networks, reject),
            new NodesProgram(networks, reject),
            new TokenMetadataProgram(derived),
        ];
    }

    /// <summary>The fields that hosts and clients search by.</summary>
    public static IReadOnlyList<AccountIndex> Indexes(NosanaProgramOptions options) =>
    [
        .. options.Networks.SelectMany(addresses => new[]
        {
            new AccountIndex(addresses.Jobs, default, 0, 8),
            new AccountIndex(addresses.Jobs, JobAccount.Discriminator.ToArray(), JobAccount.MarketOffset, 32),
            new AccountIndex(addresses.Jobs, JobAccount.Discriminator.ToArray(), JobAccount.NodeOffset, 32),
            new AccountIndex(addresses.Jobs, JobAccount.Discriminator.ToArray(), JobAccount.ProjectOffset, 32),
            new AccountIndex(addresses.Jobs, JobAccount.Discriminator.ToArray(), JobAccount.StateOffset, 1),
            new AccountIndex(addresses.Jobs, RunAccount.Discriminator.ToArray(), RunAccount.JobOffset, 32),
            new AccountIndex(addresses.Jobs, RunAccount.Discriminator.ToArray(), RunAccount.NodeOffset, 32),
        }),
        new AccountIndex(options.Networks[0].Staking, StakeAccount.Discriminator.ToArray(), StakeAccount.AuthorityOffset, 32),
        new AccountIndex(options.Networks[0].Nodes, NodeAccount.Discriminator.ToArray(), NodeAccount.AuthorityOffset, 32),
    ];
}
