using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Solana.Programs;

namespace Nosana.LocalNet.Programs.Pools;

/// <summary>Pays what is due to all stakers; less than one emission is left where it is, without an error.</summary>
internal sealed class ClaimFeeInstruction : AnchorInstruction
{
    private readonly NosanaNetworks _networks;
    private readonly TokenRule _vault, _rewardsVault;
    private readonly DataRule<ReflectionAccount> _reflection;
    private readonly DataRule<PoolAccount> _pool;

    public ClaimFeeInstruction(NosanaNetworks networks) : base(PoolsLayout.ClaimFee)
    {
        _networks = networks;
        _vault = Token("vault").Mut().At(call => _pool!.Of(call).Vault, CommonError.InvalidTokenAccount);
        _reflection = Data<ReflectionAccount>("rewards_reflection", networks.Primary.Rewards).Mut();
        _rewardsVault = Token("rewards_vault").Mut();
        _pool = Data<PoolAccount>("pool", networks.Primary.Pools).Mut()
            .Where(call => call.Now > _pool!.Of(call).StartTime, PoolsError.NotStarted)
            .Where(call => _pool!.Of(call).ClaimType == PoolClaimType.AddFee, PoolsError.WrongClaimType)
            .Where(call => _pool!.Of(call).Beneficiary == _rewardsVault.Key(call), PoolsError.WrongBeneficiary);
        Signer("authority").Mut();
        TokenProgram();
        Program("rewards_program", networks.Primary.Rewards);
    }

    public override void Handle(AnchorCall call)
    {
        (PoolAccount pool, ulong amount) = _pool.Of(call).Claim(_vault.Of(call).Amount, call.Now);
        _pool.Set(call, pool);
        if (amount < pool.Emission) return;
        call.Invoke(
            RewardsLayout.AddFee.Build(
                _networks.Primary.Rewards,
                [_vault.Key(call), _reflection.Key(call), _rewardsVault.Key(call), _vault.Key(call), WellKnownAddresses.TokenProgram],
                amount),
            PoolClaims.VaultSigner(call, _pool));
    }
}
