using Nosana.LocalNet.BuiltIn;
using Nosana.LocalNet.Runtime;
using Nosana.Programs.Errors;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Programs.Anchor;

/// <summary>A token account of SPL Token, as it was when the call began: transfers of the handler do not show in it.</summary>
internal sealed class TokenRule(string name) : AccountRule(name)
{
    internal override bool IsDataAccount => true;

    public TokenAccountData Of(AnchorCall call) => (TokenAccountData)call.Values[Index]!;

    /// <summary>Creates the account at a derived address, as its own authority.</summary>
    public TokenRule InitVault(Func<SignerRule> payer, Func<MintRule> mint, Func<AnchorCall, byte[][]> seeds)
    {
        Creation = new AccountCreation(payer, Nosana.Solana.Programs.TokenProgram.TokenAccountDataSize, _ => WellKnownAddresses.TokenProgram, seeds,
            call => call.Invoke(Nosana.Solana.Programs.TokenProgram.InitializeAccount3(Key(call), mint().Key(call), Key(call))));
        return this;
    }

    public TokenRule OfMint(Func<AnchorCall, PublicKey> mint)
    {
        Add(ConstraintStage.Token, call => Require(call, Of(call).Mint == mint(call), AnchorError.ConstraintTokenMint));
        return this;
    }

    public TokenRule OwnedBy(Func<AnchorCall, PublicKey> owner)
    {
        Add(ConstraintStage.Token, call => Require(call, Of(call).Owner == owner(call), AnchorError.ConstraintTokenOwner));
        return this;
    }

    internal override void CheckType(AnchorCall call)
    {
        RequireOwnedBy(call, WellKnownAddresses.TokenProgram);
        try
        {
            call.Values[Index] = TokenAccountData.Read(View(call).Data);
        }
        catch (InstructionFailure failure)
        {
            call.Context.Log($"ProgramError caused by account: {Name}. Error Code: {failure.Error.Name}.");
            throw;
        }
    }
}
