using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Staking;

/// <summary>Adds to a stake.</summary>
internal sealed class TopupInstruction : AnchorInstruction
{
    private readonly TokenRule _user, _vault;
    private readonly DataRule<StakeAccount> _stake;
    private readonly SignerRule _authority;

    public TopupInstruction(NosanaNetworks networks) : base(StakingLayout.Topup)
    {
        _user = Token("user").Mut();
        _vault = Token("vault").Mut();
        _stake = Data<StakeAccount>("stake", networks.Primary.Staking).Mut().WithVault(() => _vault).Of(() => _authority!).Staked();
        _authority = Signer("authority");
        TokenProgram();
    }

    public override void Handle(AnchorCall call)
    {
        ulong amount = call.Argument<ulong>("amount");
        call.Require(amount > 0, StakingError.AmountNotEnough);
        _stake.Update(call, stake => (stake with { Amount = checked(stake.Amount + amount) }).Weighed());
        Tokens.Transfer(call, _user, _vault, _authority, amount);
    }
}
