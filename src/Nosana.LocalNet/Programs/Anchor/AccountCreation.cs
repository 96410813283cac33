using Nosana.LocalNet.Runtime;
using Nosana.Programs.Errors;
using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Programs.Anchor;

/// <summary>How an <c>init</c> account comes into being: who pays, how large it is, whose it becomes.</summary>
/// <param name="Payer">Pays the rent.</param>
/// <param name="Length">Bytes allocated.</param>
/// <param name="Owner">Program that owns it.</param>
/// <param name="Seeds">Seeds of a derived address; null for a fresh key, which signs.</param>
/// <param name="Initialize">What follows the creation.</param>
internal sealed record AccountCreation(
    Func<SignerRule> Payer, int Length, Func<AnchorCall, PublicKey> Owner, Func<AnchorCall, byte[][]>? Seeds, Action<AnchorCall>? Initialize = null)
{
    public void Run(AnchorCall call, AccountRule rule)
    {
        AccountView account = rule.View(call), payer = Payer().View(call);
        byte[][][] signers = [];
        if (Seeds is not null)
        {
            byte[][] seeds = Seeds(call);
            (PublicKey address, byte bump) = call.Derive(seeds);
            rule.RequireEqual(call, account.Key, address, AnchorError.ConstraintSeeds);
            call.Bumps[rule.Index] = bump;
            signers = [[.. seeds, [bump]]];
        }
        PublicKey owner = Owner(call);
        ulong rent = Rent.MinimumBalance(Length);
        if (account.Lamports == 0)
        {
            call.Invoke(SystemProgram.CreateAccount(payer.Key, account.Key, rent, (ulong)Length, owner), signers);
        }
        else
        {
            // Somebody sent lamports to the address before: what is missing is added, then space and owner.
            rule.Require(call, payer.Key != account.Key, AnchorError.TryingToInitPayerAsProgramAccount);
            if (account.Lamports < rent) call.Invoke(SystemProgram.Transfer(payer.Key, account.Key, rent - account.Lamports));
            call.Invoke(Allocate(account.Key, (ulong)Length), signers);
            call.Invoke(Assign(account.Key, owner), signers);
        }
        Initialize?.Invoke(call);
    }

    private static TransactionInstruction Allocate(PublicKey account, ulong length) =>
        new(WellKnownAddresses.SystemProgram, [AccountMeta.Writable(account, isSigner: true)], [8, 0, 0, 0, .. BitConverter.GetBytes(length)]);

    private static TransactionInstruction Assign(PublicKey account, PublicKey owner) =>
        new(WellKnownAddresses.SystemProgram, [AccountMeta.Writable(account, isSigner: true)], [1, 0, 0, 0, .. owner.KeyBytes]);
}
