using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Programs.Money;

namespace Nosana.LocalNet.Programs.Rewards;

/// <summary>Pays a staker what he earned and lets him in again with his present stake.</summary>
internal sealed class ClaimInstruction : AnchorInstruction
{
    private readonly TokenRule _user, _vault;
    private readonly DataRule<ReflectionAccount> _reflection;
    private readonly DataRule<RewardAccount> _reward;
    private readonly DataRule<StakeAccount> _stake;

    public ClaimInstruction(NosanaNetworks networks) : base(RewardsLayout.Claim)
    {
        SignerRule? authority = null;
        _user = Token("user").Mut();
        _vault = Token("vault").Mut();
        _reflection = Data<ReflectionAccount>("reflection", networks.Primary.Rewards).Mut().HasOne(() => _vault, pool => pool.Vault, CommonError.InvalidVault);
        _reward = Data<RewardAccount>("reward", networks.Primary.Rewards).Mut().HasOne(() => authority!, reward => reward.Authority, CommonError.Unauthorized);
        _stake = Data<StakeAccount>("stake", networks.Primary.Staking)
            .HasOne(() => authority!, stake => stake.Authority, CommonError.Unauthorized)
            .Where(call => _stake!.Of(call).TimeUnstake == 0, StakingError.AlreadyUnstaked)
            .Where(call => _stake!.Of(call).Xnos >= _reward.Of(call).Xnos, StakingError.Decreased);
        authority = Signer("authority").Mut();
        TokenProgram();
    }

    public override void Handle(AnchorCall call)
    {
        RewardAccount reward = _reward.Of(call);
        UInt128 amount = RewardPool.Claimable(reward, _reflection.Of(call).Rate);
        if (amount == 0) return;
        UInt128 xnos = _stake.Of(call).Xnos;
        ReflectionAccount left = RewardPool.Leave(_reflection.Of(call), reward.Reflection, checked(reward.Xnos + amount));
        (ReflectionAccount pool, UInt128 reflection) = RewardPool.Enter(left, xnos);
        _reflection.Set(call, pool);
        _reward.Set(call, reward with { Reflection = reflection, Xnos = xnos });
        Tokens.TransferFromVault(call, _vault, _user, checked((ulong)amount), [_vault.Of(call).Mint.KeyBytes, [pool.VaultBump]]);
    }
}
