using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Programs.Money;

namespace Nosana.LocalNet.Programs.Rewards;

/// <summary>A staker comes into the pool.</summary>
internal sealed class EnterInstruction : AnchorInstruction
{
    private readonly DataRule<ReflectionAccount> _reflection;
    private readonly DataRule<StakeAccount> _stake;
    private readonly DataRule<RewardAccount> _reward;
    private readonly SignerRule _authority;

    public EnterInstruction(NosanaNetworks networks) : base(RewardsLayout.Enter)
    {
        _reflection = Data<ReflectionAccount>("reflection", networks.Primary.Rewards).Mut();
        _stake = Data<StakeAccount>("stake", networks.Primary.Staking)
            .HasOne(() => _authority!, stake => stake.Authority, CommonError.Unauthorized)
            .Where(call => _stake!.Of(call).TimeUnstake == 0, StakingError.AlreadyUnstaked);
        _reward =
            Data<RewardAccount>("reward", networks.Primary.Rewards).Init(() => _authority!, call => ["reward"u8.ToArray(), _authority!.Key(call).KeyBytes]);
        _authority = Signer("authority").Mut();
        SystemProgram();
    }

    public override void Handle(AnchorCall call)
    {
        UInt128 xnos = _stake.Of(call).Xnos;
        (ReflectionAccount pool, UInt128 reflection) = RewardPool.Enter(_reflection.Of(call), xnos);
        _reflection.Set(call, pool);
        _reward.Set(call, new RewardAccount { Authority = _authority.Key(call), Bump = _reward.Bump(call), Reflection = reflection, Xnos = xnos });
    }
}
