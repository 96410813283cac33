using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Programs.Money;

namespace Nosana.LocalNet.Programs.Staking;

/// <summary>Pays out what an unstaked stake has released so far.</summary>
internal sealed class WithdrawInstruction : AnchorInstruction
{
    private readonly TokenRule _user, _vault;
    private readonly DataRule<StakeAccount> _stake;

    public WithdrawInstruction(NosanaNetworks networks) : base(StakingLayout.Withdraw)
    {
        SignerRule? authority = null;
        _user = Token("user").Mut();
        _vault = Token("vault").Mut().Where(call => _vault!.Of(call).Amount != 0, CommonError.VaultEmpty);
        _stake = Data<StakeAccount>("stake", networks.Primary.Staking).Mut().WithVault(() => _vault).Of(() => authority!).Unstaked(StakingError.NotUnstaked);
        authority = Signer("authority").Mut();
        TokenProgram();
    }

    public override void Handle(AnchorCall call)
    {
        StakeAccount stake = _stake.Of(call);
        ulong amount = StakeWeight.Withdrawable(stake.Amount, _vault.Of(call).Amount, stake.Duration, checked(call.Now - stake.TimeUnstake));
        if (amount > 0) Tokens.TransferFromVault(call, _vault, _user, amount, Seeds.VaultSigner(call, _vault, _stake));
    }
}
