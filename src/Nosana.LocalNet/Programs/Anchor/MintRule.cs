using Nosana.LocalNet.BuiltIn;
using Nosana.LocalNet.Runtime;
using Nosana.Solana.Programs;

namespace Nosana.LocalNet.Programs.Anchor;

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
