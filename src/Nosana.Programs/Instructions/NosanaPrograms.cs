using System.Diagnostics.CodeAnalysis;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Programs.Instructions;

/// <summary>Finds the layout that belongs to a program id, on any network.</summary>
public static class NosanaPrograms
{
    /// <summary>The program behind an id of <paramref name="addresses"/>, or null for a program that is not Nosana's.</summary>
    public static ProgramLayout? Find(ProgramAddresses addresses, PublicKey programId) =>
        programId == addresses.Jobs ? JobsLayout.Program
        : programId == addresses.Staking ? StakingLayout.Program
        : programId == addresses.Rewards ? RewardsLayout.Program
        : programId == addresses.Nodes ? NodesLayout.Program
        : programId == addresses.Pools ? PoolsLayout.Program
        : null;

    /// <summary>Reads an instruction of any of Nosana's programs.</summary>
    public static bool TryDecode(ProgramAddresses addresses, TransactionInstruction instruction, [NotNullWhen(true)] out DecodedInstruction? decoded)
    {
        decoded = null;
        return Find(addresses, instruction.ProgramId) is { } program && program.TryDecode(instruction.Data, out decoded);
    }
}
