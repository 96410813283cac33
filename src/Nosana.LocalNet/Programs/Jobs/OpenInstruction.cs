using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>Creates a market and its vault.</summary>
internal sealed class OpenInstruction : AnchorInstruction
{
    private readonly DataRule<MarketAccount> _market;
    private readonly TokenRule _vault;
    private readonly SignerRule _authority;
    private readonly UncheckedRule _accessKey;

    public OpenInstruction(JobsSetup setup) : base(JobsLayout.Open)
    {
        MintRule mint = Mint("mint").At(_ => setup.Addresses.NosMint, CommonError.InvalidMint);
        _market = Data<MarketAccount>("market", setup.Addresses.Jobs).Init(() => _authority!);
        _vault = Token("vault").InitVault(() => _authority!, () => mint, call => [_market.Key(call).KeyBytes, mint.Key(call).KeyBytes]);
        _authority = Signer("authority").Mut();
        _accessKey = Unchecked("access_key");
        Rent();
        SystemProgram();
        TokenProgram();
    }

    public override void Handle(AnchorCall call)
    {
        byte type = call.Argument<byte>("job_type");
        _market.Set(call, new MarketAccount
        {
            Authority = _authority.Key(call),
            JobExpiration = call.Argument<long>("job_expiration"),
            JobPrice = call.Argument<ulong>("job_price"),
            JobTimeout = call.Argument<long>("job_timeout"),
            JobType = Enum.IsDefined((JobType)type) ? (JobType)type : JobType.Unknown,
            Vault = _vault.Key(call),
            VaultBump = _vault.Bump(call),
            NodeAccessKey = _accessKey.Key(call),
            NodeXnosMinimum = call.Argument<UInt128>("node_xnos_minimum"),
        });
    }
}
