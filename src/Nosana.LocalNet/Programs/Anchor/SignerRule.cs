using Nosana.Programs.Errors;

namespace Nosana.LocalNet.Programs.Anchor;

/// <summary>An account that must have signed; of what kind it is does not matter.</summary>
internal sealed class SignerRule(string name) : AccountRule(name)
{
    internal override void CheckType(AnchorCall call) => Require(call, View(call).IsSigner, AnchorError.AccountNotSigner);
}
