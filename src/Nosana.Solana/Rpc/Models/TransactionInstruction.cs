using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Models;

/// <summary>One call of a program: which program, with which accounts in which order, and its data.</summary>
public sealed record TransactionInstruction(PublicKey ProgramId, IReadOnlyList<AccountMeta> Keys, byte[] Data);
