using Nosana.Programs.Errors;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Programs.Anchor;

/// <summary>A certain program.</summary>
internal sealed class ProgramRule(string name, PublicKey program) : AccountRule(name)
{
    internal override void CheckType(AnchorCall call)
    {
        RequireEqual(call, Key(call), program, AnchorError.InvalidProgramId);
        Require(call, View(call).Executable, AnchorError.InvalidProgramExecutable);
    }
}
