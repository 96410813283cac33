using Nosana.Programs.Errors;
using Nosana.Solana.Programs;

namespace Nosana.LocalNet.Programs.Anchor;

/// <summary>The rent sysvar.</summary>
internal sealed class RentRule(string name) : AccountRule(name)
{
    internal override void CheckType(AnchorCall call) => RequireEqual(call, Key(call), WellKnownAddresses.RentSysvar, AnchorError.AccountSysvarMismatch);
}
