using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Models;

/// <summary>One call of a program: which program, with which accounts in which order, and its data.</summary>
public sealed record TransactionInstruction(PublicKey ProgramId, IReadOnlyList<AccountMeta> Keys, byte[] Data);

/// <summary>One account of an instruction: its address and what the instruction may do with it.</summary>
public readonly record struct AccountMeta(PublicKey PublicKey, bool IsSigner, bool IsWritable)
{
    public static AccountMeta Writable(PublicKey publicKey, bool isSigner) => new(publicKey, isSigner, IsWritable: true);

    public static AccountMeta ReadOnly(PublicKey publicKey, bool isSigner) => new(publicKey, isSigner, IsWritable: false);
}
