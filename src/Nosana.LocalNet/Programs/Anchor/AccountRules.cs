using Nosana.LocalNet.BuiltIn;
using Nosana.LocalNet.Runtime;
using Nosana.Programs.Errors;
using Nosana.Solana.Programs;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Programs.Anchor;

/// <summary>An account that must have signed; of what kind it is does not matter.</summary>
internal sealed class SignerRule(string name) : AccountRule(name)
{
    internal override void CheckType(AnchorCall call) => Require(call, View(call).IsSigner, AnchorError.AccountNotSigner);
}

/// <summary>Any account whatever; only its constraints, if it has some, are checked.</summary>
internal sealed class UncheckedRule(string name) : AccountRule(name)
{
    internal override void CheckType(AnchorCall call)
    {
    }
}

/// <summary>The rent sysvar.</summary>
internal sealed class RentRule(string name) : AccountRule(name)
{
    internal override void CheckType(AnchorCall call) => RequireEqual(call, Key(call), WellKnownAddresses.RentSysvar, AnchorError.AccountSysvarMismatch);
}

/// <summary>A certain program.</summary>
internal sealed class ProgramRule(string name, PublicKey program) : AccountRule(name)
{
    internal override void CheckType(AnchorCall call)
    {
        RequireEqual(call, Key(call), program, AnchorError.InvalidProgramId);
        Require(call, View(call).Executable, AnchorError.InvalidProgramExecutable);
    }
}

/// <summary>A mint of SPL Token.</summary>
internal sealed class MintRule(string name) : AccountRule(name)
{
    internal override bool IsDataAccount => true;

    internal override void CheckType(AnchorCall call)
    {
        RequireOwnedBy(call, WellKnownAddresses.TokenProgram);
        try
        {
            call.Values[Index] = TokenMintData.Read(View(call).Data);
        }
        catch (InstructionFailure failure)
        {
            call.Context.Log($"ProgramError caused by account: {Name}. Error Code: {failure.Error.Name}.");
            throw;
        }
    }
}
