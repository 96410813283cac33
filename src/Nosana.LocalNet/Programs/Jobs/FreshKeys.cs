using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Errors;
using Nosana.Solana.Programs;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>The demands on a run key that list and work may or may not use.</summary>
internal static class FreshKeys
{
    public static UncheckedRule FreshRun(this UncheckedRule run) => run.Mut()
        .Signed(CommonError.MissingSignature)
        .Where(call => run.View(call).Lamports == 0, CommonError.LamportsNonNull)
        .Owner(WellKnownAddresses.SystemProgram, CommonError.InvalidOwner);
}
