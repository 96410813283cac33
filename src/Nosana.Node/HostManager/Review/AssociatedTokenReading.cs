using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Node.HostManager.Review;

/// <summary>The associated token program's instructions: payer, account, owner, mint, programs.</summary>
internal static class AssociatedTokenReading
{
    /// <summary>Rent of a token account of 165 bytes.</summary>
    public const ulong TokenAccountRent = 2_039_280;

    private const byte Create = 0, CreateIdempotent = 1;

    public static ReadInstruction Read(TransactionInstruction instruction, ReviewedWallet wallet)
    {
        // No data is the oldest form of Create.
        byte tag = instruction.Data.Length == 0 ? Create : instruction.Data[0];
        if (tag is not (Create or CreateIdempotent) || instruction.Keys.Count < 4)
            return ReadInstruction.Bad("associated token: unreadable", "it is an instruction of the associated token program that a host does not sign");
        PublicKey payer = instruction.Keys[0].PublicKey;
        return ReadInstruction.Harmless(
            $"associated token: {payer} makes the account {instruction.Keys[1].PublicKey} of {instruction.Keys[2].PublicKey} for mint "
                + $"{instruction.Keys[3].PublicKey}",
            payer == wallet.Address ? TokenAccountRent : 0);
    }
}
