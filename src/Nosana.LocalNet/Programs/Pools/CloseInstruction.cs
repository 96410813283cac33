using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Pools;

/// <summary>Closes a pool that may be closed, or is empty, and pays its vault out.</summary>
internal sealed class CloseInstruction : AnchorInstruction
{
    private readonly TokenRule _vault, _user;
    private readonly DataRule<PoolAccount> _pool;
    private readonly SignerRule _authority;

    public CloseInstruction(NosanaNetworks networks) : base(PoolsLayout.Close)
    {
        _vault = Token("vault").Mut();
        _user = Token("user").Mut();
        _pool = Data<PoolAccount>("pool", networks.Primary.Pools).Mut()
            .HasOne(() => _authority!, pool => pool.Authority, CommonError.Unauthorized)
            .HasOne(() => _vault, pool => pool.Vault, CommonError.InvalidVault)
            .Where(call => _pool!.Of(call).Closeable || _vault.Of(call).Amount == 0, PoolsError.NotCloseable)
            .Close(() => _authority!);
        _authority = Signer("authority").Mut();
        TokenProgram();
    }

    public override void Handle(AnchorCall call)
    {
        byte[][] seeds = PoolClaims.VaultSigner(call, _pool);
        Tokens.TransferFromVault(call, _vault, _user, _vault.Of(call).Amount, seeds);
        Tokens.CloseVault(call, _vault, _authority, seeds);
    }
}
