using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>The node posts its result and is paid. The job's state is not checked.</summary>
internal sealed class FinishInstruction : AnchorInstruction
{
    private readonly JobsSetup _setup;
    private readonly DataRule<JobAccount> _job;
    private readonly DataRule<RunAccount> _run;
    private readonly DataRule<MarketAccount> _market;
    private readonly TokenRule _vault, _deposit, _user;
    private readonly SignerRule _authority;

    public FinishInstruction(JobsSetup setup) : base(JobsLayout.Finish)
    {
        _setup = setup;
        UncheckedRule? payerRun = null, payerJob = null;
        _job = Data<JobAccount>("job", setup.Addresses.Jobs).Mut()
            .HasOne(() => _market!, job => job.Market, JobsError.InvalidMarketAccount)
            .Where(call => _job!.Of(call).Payer == payerJob!.Key(call), CommonError.InvalidPayer);
        _run = Data<RunAccount>("run", setup.Addresses.Jobs).Mut()
            .HasOne(() => _job, run => run.Job, JobsError.InvalidJobAccount)
            .Where(call => _run!.Of(call).Payer == payerRun!.Key(call), CommonError.InvalidPayer)
            .Where(call => _run!.Of(call).Node == _authority!.Key(call), CommonError.Unauthorized)
            .Close(() => payerRun!);
        _market = Data<MarketAccount>("market", setup.Addresses.Jobs).HasOne(() => _vault!, market => market.Vault, CommonError.InvalidVault);
        _vault = Token("vault").Mut();
        _deposit = Token("deposit").Mut().Dup()
            .Where(call => _job.Of(call).Price == 0 || Key(call, "deposit") == setup.TokenAccount(payerJob!.Key(call)), CommonError.InvalidATA);
        _user = Token("user").Mut()
            .Where(call => _job.Of(call).Price == 0 || _user!.Of(call).Mint == setup.Addresses.NosMint, CommonError.InvalidATA);
        payerRun = Unchecked("payer_run").Mut();
        payerJob = Unchecked("payer_job").Mut();
        _authority = Signer("authority");
        TokenProgram();
    }

    public override void Handle(AnchorCall call)
    {
        byte[] result = call.Argument<byte[]>("ipfs_result");
        call.Require(result.AsSpan().ContainsAnyExcept((byte)0), JobsError.JobResultNull);
        RunAccount run = _run.Of(call);
        _job.Update(
            call, job => job with { IpfsResult = result, Node = _authority.Key(call), State = JobState.Done, TimeStart = run.Time, TimeEnd = call.Now });
        Payout.Split(call, _job.Of(call), _vault, _user, _deposit, _setup.VaultSeeds(call, _market));
    }
}
