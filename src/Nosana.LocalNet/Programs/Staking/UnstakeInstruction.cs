using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Staking;

/// <summary>Begins the release of a stake; the rewards account must be closed before.</summary>
internal sealed class UnstakeInstruction : AnchorInstruction
{
    private readonly DataRule<StakeAccount> _stake;

    public UnstakeInstruction(NosanaNetworks networks) : base(StakingLayout.Unstake)
    {
        SignerRule? authority = null;
        _stake = Data<StakeAccount>("stake", networks.Primary.Staking).Mut().Of(() => authority!).Staked();
        UncheckedRule? reward = null;
        reward = Unchecked("reward")
            .Where(call => reward!.View(call).IsClosed, StakingError.HasReward)
            .At(
                call => networks.Derived.Find(networks.Primary.Rewards, "reward"u8.ToArray(), authority!.Key(call).KeyBytes).Address,
                CommonError.InvalidAccount);
        authority = Signer("authority");
    }

    public override void Handle(AnchorCall call) => _stake.Update(call, stake => (stake with { TimeUnstake = call.Now }).Weighed());
}
