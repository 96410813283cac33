using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Programs.Money;

namespace Nosana.LocalNet.Programs.Rewards;

/// <summary>Brings a share up to the present stake, with what it earned; anyone may.</summary>
internal sealed class SyncInstruction : AnchorInstruction
{
    private readonly DataRule<RewardAccount> _reward;
    private readonly DataRule<StakeAccount> _stake;
    private readonly DataRule<ReflectionAccount> _reflection;

    public SyncInstruction(NosanaNetworks networks) : base(RewardsLayout.Sync)
    {
        _reward = Data<RewardAccount>("reward", networks.Primary.Rewards).Mut();
        _stake = Data<StakeAccount>("stake", networks.Primary.Staking)
            .Where(call => _stake!.Of(call).TimeUnstake == 0, StakingError.AlreadyUnstaked)
            .Where(call => _stake!.Of(call).Authority == _reward.Of(call).Authority, CommonError.Unauthorized);
        _reflection = Data<ReflectionAccount>("reflection", networks.Primary.Rewards).Mut();
    }

    public override void Handle(AnchorCall call)
    {
        RewardAccount reward = _reward.Of(call);
        UInt128 xnos = _stake.Of(call).Xnos;
        ReflectionAccount left = RewardPool.Leave(_reflection.Of(call), reward.Reflection, reward.Xnos);
        (ReflectionAccount pool, UInt128 reflection) = RewardPool.Enter(left, xnos, RewardPool.Claimable(reward, left.Rate));
        _reflection.Set(call, pool);
        _reward.Set(call, reward with { Reflection = reflection, Xnos = xnos });
    }
}
