using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Pools;

/// <summary>The present beneficiary's owner names another token account.</summary>
internal sealed class UpdateBeneficiaryInstruction : AnchorInstruction
{
    private readonly TokenRule _newBeneficiary;
    private readonly DataRule<PoolAccount> _pool;

    public UpdateBeneficiaryInstruction(NosanaNetworks networks) : base(PoolsLayout.UpdateBeneficiary)
    {
        SignerRule? authority = null;
        TokenRule beneficiary = Token("beneficiary").OwnedBy(call => authority!.Key(call));
        _newBeneficiary = Token("new_beneficiary").OfMint(call => beneficiary.Of(call).Mint);
        _pool = Data<PoolAccount>("pool", networks.Primary.Pools).Mut().HasOne(() => beneficiary, pool => pool.Beneficiary, PoolsError.WrongBeneficiary);
        authority = Signer("authority").Mut();
        TokenProgram();
    }

    public override void Handle(AnchorCall call) => _pool.Update(call, pool => pool with { Beneficiary = _newBeneficiary.Key(call) });
}
