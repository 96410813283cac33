using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>A node takes a stopped job. The job stays stopped, so another may take it too.</summary>
internal sealed class ClaimInstruction : AnchorInstruction
{
    private readonly DataRule<JobAccount> _job;
    private readonly DataRule<RunAccount> _run;
    private readonly SignerRule _payer, _authority;

    public ClaimInstruction(JobsSetup setup) : base(JobsLayout.Claim)
    {
        DataRule<MarketAccount>? market = null;
        _job = Data<JobAccount>("job", setup.Addresses.Jobs).Mut()
            .HasOne(() => market!, job => job.Market, JobsError.InvalidMarketAccount)
            .Where(call => _job!.Of(call).State == JobState.Stopped, JobsError.JobInWrongState);
        _run = Data<RunAccount>("run", setup.Addresses.Jobs).Init(() => _payer!);
        market = Data<MarketAccount>("market", setup.Addresses.Jobs);
        Data<StakeAccount>("stake", setup.Addresses.Staking).RequireStake(setup, market, () => _authority!);
        TokenRule nft = Token("nft").RequireAccessKey(market, () => _authority!);
        Unchecked("metadata").RequireCollection(setup, market, nft);
        _payer = Signer("payer").Mut();
        _authority = Signer("authority");
        SystemProgram();
    }

    public override void Handle(AnchorCall call) =>
        _run.Set(call, new RunAccount { Job = _job.Key(call), Node = _authority.Key(call), Payer = _payer.Key(call), Time = call.Now });
}
