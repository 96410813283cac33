using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Programs;

/// <summary>Instructions of the system program (tags of <c>SystemInstruction</c>, u32).</summary>
public static class SystemProgram
{
    private const uint CreateAccountTag = 0;
    private const uint TransferTag = 2;

    /// <summary>Creates an account of <paramref name="space"/> bytes owned by a program. Both the payer and the new account sign.</summary>
    public static TransactionInstruction CreateAccount(PublicKey from, PublicKey newAccount, ulong lamports, ulong space, PublicKey owner) => new(
        WellKnownAddresses.SystemProgram,
        [AccountMeta.Writable(from, isSigner: true), AccountMeta.Writable(newAccount, isSigner: true)],
        new InstructionData(52).U32(CreateAccountTag).U64(lamports).U64(space).Key(owner).ToArray());

    /// <summary>Moves lamports.</summary>
    public static TransactionInstruction Transfer(PublicKey from, PublicKey to, ulong lamports) => new(
        WellKnownAddresses.SystemProgram,
        [AccountMeta.Writable(from, isSigner: true), AccountMeta.Writable(to, isSigner: false)],
        new InstructionData(12).U32(TransferTag).U64(lamports).ToArray());
}
