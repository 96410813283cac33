using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>Replaces a market's terms. The type is stored as it comes; queue and jobs stay.</summary>
internal sealed class UpdateInstruction : AnchorInstruction
{
    private readonly DataRule<MarketAccount> _market;
    private readonly UncheckedRule _accessKey;
    private readonly SignerRule _authority;

    public UpdateInstruction(JobsSetup setup) : base(JobsLayout.Update)
    {
        _market = Data<MarketAccount>("market", setup.Addresses.Jobs).Mut().HasOne(() => _authority!, market => market.Authority, CommonError.Unauthorized);
        _accessKey = Unchecked("access_key");
        _authority = Signer("authority");
    }

    public override void Handle(AnchorCall call) => _market.Update(call, market => market with
    {
        JobExpiration = call.Argument<long>("job_expiration"),
        JobPrice = call.Argument<ulong>("job_price"),
        JobTimeout = call.Argument<long>("job_timeout"),
        JobType = (JobType)call.Argument<byte>("job_type"),
        NodeAccessKey = _accessKey.Key(call),
        NodeXnosMinimum = call.Argument<UInt128>("node_stake_minimum"),
    });
}
