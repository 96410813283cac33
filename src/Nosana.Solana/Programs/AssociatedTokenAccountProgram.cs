using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Programs;

/// <summary>Instructions of the associated token account program.</summary>
public static class AssociatedTokenAccountProgram
{
    private const byte CreateTag = 0;
    private const byte CreateIdempotentTag = 1;

    /// <summary>Creates the owner's token account for the mint; fails when it exists.</summary>
    public static TransactionInstruction CreateAssociatedTokenAccount(PublicKey payer, PublicKey owner, PublicKey mint) =>
        Create(payer, owner, mint, CreateTag);

    /// <summary>Creates the owner's token account for the mint unless it exists.</summary>
    public static TransactionInstruction CreateIdempotent(PublicKey payer, PublicKey owner, PublicKey mint) => Create(payer, owner, mint, CreateIdempotentTag);

    private static TransactionInstruction Create(PublicKey payer, PublicKey owner, PublicKey mint, byte tag) => new(
        WellKnownAddresses.AssociatedTokenProgram,
        [
            AccountMeta.Writable(payer, isSigner: true),
            AccountMeta.Writable(AssociatedTokenAccount.Derive(owner, mint), isSigner: false),
            AccountMeta.ReadOnly(owner, isSigner: false),
            AccountMeta.ReadOnly(mint, isSigner: false),
            AccountMeta.ReadOnly(WellKnownAddresses.SystemProgram, isSigner: false),
            AccountMeta.ReadOnly(WellKnownAddresses.TokenProgram, isSigner: false),
        ],
        [tag]);
}
