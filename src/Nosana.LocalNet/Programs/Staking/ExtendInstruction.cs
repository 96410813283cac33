using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Programs.Money;

namespace Nosana.LocalNet.Programs.Staking;

/// <summary>Adds to a stake's duration.</summary>
internal sealed class ExtendInstruction : AnchorInstruction
{
    private readonly DataRule<StakeAccount> _stake;

    public ExtendInstruction(NosanaNetworks networks) : base(StakingLayout.Extend)
    {
        SignerRule? authority = null;
        _stake = Data<StakeAccount>("stake", networks.Primary.Staking).Mut().Of(() => authority!).Staked();
        authority = Signer("authority");
    }

    public override void Handle(AnchorCall call)
    {
        ulong added = call.Argument<ulong>("duration");
        call.Require(added > 0, StakingError.DurationTooShort);
        ulong total = checked(_stake.Of(call).Duration + added);
        call.Require(total <= StakeWeight.DurationMax, StakingError.DurationTooLong);
        _stake.Update(call, stake => (stake with { Duration = total }).Weighed());
    }
}
