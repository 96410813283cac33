using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Staking;

/// <summary>Closes a stake that is released and withdrawn.</summary>
internal sealed class CloseInstruction : AnchorInstruction
{
    private readonly DataRule<StakeAccount> _stake;
    private readonly TokenRule _vault;
    private readonly SignerRule _authority;

    public CloseInstruction(NosanaNetworks networks) : base(StakingLayout.Close)
    {
        Token("user").Mut();
        _stake = Data<StakeAccount>("stake", networks.Primary.Staking).Mut().WithVault(() => _vault!).Of(() => _authority!)
            .Unstaked(StakingError.NotUnstaked)
            .Where(call => checked(_stake!.Of(call).TimeUnstake + (long)_stake.Of(call).Duration) < call.Now, StakingError.Locked)
            .Close(() => _authority!);
        _vault = Token("vault").Mut().Where(call => _vault!.Of(call).Amount == 0, CommonError.VaultNotEmpty);
        _authority = Signer("authority").Mut();
        TokenProgram();
    }

    public override void Handle(AnchorCall call) => Tokens.CloseVault(call, _vault, _authority, Seeds.VaultSigner(call, _vault, _stake));
}
