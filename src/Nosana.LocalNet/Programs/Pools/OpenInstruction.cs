using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Pools;

/// <summary>Creates a pool and its vault.</summary>
internal sealed class OpenInstruction : AnchorInstruction
{
    private readonly DataRule<PoolAccount> _pool;
    private readonly TokenRule _vault, _beneficiary;
    private readonly SignerRule _authority;

    public OpenInstruction(NosanaNetworks networks) : base(PoolsLayout.Open)
    {
        MintRule? mint = null;
        _pool = Data<PoolAccount>("pool", networks.Primary.Pools).Init(() => _authority!);
        _vault = Token("vault").InitVault(() => _authority!, () => mint!, call => ["vault"u8.ToArray(), _pool.Key(call).KeyBytes]);
        _beneficiary = Token("beneficiary").OfMint(call => mint!.Key(call));
        _authority = Signer("authority").Mut();
        mint = Mint("mint");
        SystemProgram();
        TokenProgram();
        Rent();
    }

    public override void Handle(AnchorCall call)
    {
        var type = (PoolClaimType)call.Argument<byte>("claim_type");
        _pool.Set(call, new PoolAccount
        {
            Authority = _authority.Key(call),
            Beneficiary = _beneficiary.Key(call),
            ClaimType = Enum.IsDefined(type) ? type : PoolClaimType.Unknown,
            Closeable = call.Argument<bool>("closeable"),
            Emission = call.Argument<ulong>("emission"),
            StartTime = call.Argument<long>("start_time"),
            Vault = _vault.Key(call),
            VaultBump = _vault.Bump(call),
        });
    }
}
