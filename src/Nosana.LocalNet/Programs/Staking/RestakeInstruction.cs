using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Staking;

/// <summary>Stakes again what is still in the vault.</summary>
internal sealed class RestakeInstruction : AnchorInstruction
{
    private readonly TokenRule _vault;
    private readonly DataRule<StakeAccount> _stake;

    public RestakeInstruction(NosanaNetworks networks) : base(StakingLayout.Restake)
    {
        SignerRule? authority = null;
        _vault = Token("vault").Mut();
        _stake = Data<StakeAccount>("stake", networks.Primary.Staking).Mut().WithVault(() => _vault).Of(() => authority!).Unstaked(StakingError.AlreadyStaked);
        authority = Signer("authority");
    }

    public override void Handle(AnchorCall call) => _stake.Update(call, stake => (stake with { Amount = _vault.Of(call).Amount, TimeUnstake = 0 }).Weighed());
}
