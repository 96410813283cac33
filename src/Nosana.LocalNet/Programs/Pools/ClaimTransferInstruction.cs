using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Pools;

/// <summary>Pays what is due to the beneficiary, at least one emission.</summary>
internal sealed class ClaimTransferInstruction : AnchorInstruction
{
    private readonly TokenRule _vault, _beneficiary;
    private readonly DataRule<PoolAccount> _pool;

    public ClaimTransferInstruction(NosanaNetworks networks) : base(PoolsLayout.ClaimTransfer)
    {
        _vault = Token("vault").Mut().At(call => _pool!.Of(call).Vault, CommonError.InvalidTokenAccount);
        _beneficiary = Token("beneficiary").Mut();
        _pool = Data<PoolAccount>("pool", networks.Primary.Pools).Mut()
            .HasOne(() => _beneficiary, pool => pool.Beneficiary, PoolsError.WrongBeneficiary)
            .Where(call => call.Now > _pool!.Of(call).StartTime, PoolsError.NotStarted)
            .Where(call => _pool!.Of(call).ClaimType == PoolClaimType.Transfer, PoolsError.WrongClaimType);
        Signer("authority").Mut();
        TokenProgram();
    }

    public override void Handle(AnchorCall call)
    {
        (PoolAccount pool, ulong amount) = _pool.Of(call).Claim(_vault.Of(call).Amount, call.Now);
        call.Require(amount >= pool.Emission, PoolsError.Underfunded);
        _pool.Set(call, pool);
        Tokens.TransferFromVault(call, _vault, _beneficiary, amount, PoolClaims.VaultSigner(call, _pool));
    }
}
