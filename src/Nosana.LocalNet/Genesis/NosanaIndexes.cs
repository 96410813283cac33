using Nosana.LocalNet.BuiltIn;
using Nosana.LocalNet.Runtime;
using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Genesis;

/// <summary>The fields that clients look accounts up by (solana-programs specification, 5.1), each served from an index.</summary>
internal static class NosanaIndexes
{
    private const int Discriminator = 8;
    private const int JobStateOffset = 208;

    /// <summary>Market, node, payer, project.</summary>
    private static readonly int[] JobKeys = [72, 104, 136, 176];

    /// <summary>Job, node, payer.</summary>
    private static readonly int[] RunKeys = [8, 40, 72];

    public static IReadOnlyList<AccountIndex> For(IReadOnlyList<LocalNetSet> sets)
    {
        var indexes = new List<AccountIndex>
        {
            new(WellKnownAddresses.TokenProgram, default, TokenLayout.AccountOwner, PublicKey.Length),
            new(WellKnownAddresses.TokenProgram, default, TokenLayout.AccountMint, PublicKey.Length),
        };
        foreach (ProgramAddresses programs in sets.Select(set => set.Programs))
        {
            indexes.AddRange(JobKeys.Select(offset => Key(programs.Jobs, JobAccount.Discriminator, offset)));
            indexes.Add(new AccountIndex(programs.Jobs, JobAccount.Discriminator.ToArray(), JobStateOffset, 1));
            indexes.AddRange(RunKeys.Select(offset => Key(programs.Jobs, RunAccount.Discriminator, offset)));
            indexes.Add(new AccountIndex(programs.Jobs, default, 0, Discriminator));
        }
        ProgramAddresses shared = sets[0].Programs;
        indexes.Add(Key(shared.Staking, StakeAccount.Discriminator, StakeAccount.AuthorityOffset));
        indexes.Add(new AccountIndex(shared.Staking, default, 0, Discriminator));
        indexes.Add(Key(shared.Nodes, NodeAccount.Discriminator, Discriminator));
        return indexes;
    }

    private static AccountIndex Key(PublicKey program, ReadOnlySpan<byte> discriminator, int offset) =>
        new(program, discriminator.ToArray(), offset, PublicKey.Length);
}
