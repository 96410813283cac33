using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Programs.Money;

namespace Nosana.LocalNet.Programs.Rewards;

/// <summary>A staker leaves the pool; what he has not claimed is given up.</summary>
internal sealed class CloseInstruction : AnchorInstruction
{
    private readonly DataRule<ReflectionAccount> _reflection;
    private readonly DataRule<RewardAccount> _reward;

    public CloseInstruction(NosanaNetworks networks) : base(RewardsLayout.Close)
    {
        SignerRule? authority = null;
        _reflection = Data<ReflectionAccount>("reflection", networks.Primary.Rewards).Mut();
        _reward = Data<RewardAccount>("reward", networks.Primary.Rewards)
            .Mut().HasOne(() => authority!, reward => reward.Authority, CommonError.Unauthorized).Close(() => authority!);
        authority = Signer("authority").Mut();
    }

    public override void Handle(AnchorCall call) =>
        _reflection.Update(call, pool => RewardPool.Leave(pool, _reward.Of(call).Reflection, _reward.Of(call).Xnos));
}
