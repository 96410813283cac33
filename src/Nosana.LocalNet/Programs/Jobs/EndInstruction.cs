using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>The project stops a running job: the node is paid for the time so far. The job's state is not checked.</summary>
internal sealed class EndInstruction : AnchorInstruction
{
    private readonly JobsSetup _setup;
    private readonly DataRule<JobAccount> _job;
    private readonly DataRule<MarketAccount> _market;
    private readonly DataRule<RunAccount> _run;
    private readonly TokenRule _deposit, _user, _vault;

    public EndInstruction(JobsSetup setup) : base(JobsLayout.End)
    {
        _setup = setup;
        UncheckedRule? payer = null;
        SignerRule? authority = null;
        _job = Data<JobAccount>("job", setup.Addresses.Jobs).Mut()
            .HasOne(() => _market!, job => job.Market, JobsError.InvalidMarketAccount)
            .Where(call => _job!.Of(call).Project == authority!.Key(call), CommonError.Unauthorized);
        _market = Data<MarketAccount>("market", setup.Addresses.Jobs).HasOne(() => _vault!, market => market.Vault, CommonError.InvalidVault);
        _run = Data<RunAccount>("run", setup.Addresses.Jobs).Mut()
            .HasOne(() => payer!, run => run.Payer, CommonError.InvalidPayer)
            .HasOne(() => _job, run => run.Job, JobsError.InvalidJobAccount)
            .Close(() => payer!);
        _deposit = Token("deposit").Mut().Dup()
            .Where(call => _job.Of(call).Price == 0 || Key(call, "deposit") == setup.TokenAccount(_job.Of(call).Payer), CommonError.InvalidATA);
        _user = Token("user").Mut()
            .Where(call => _job.Of(call).Price == 0 || Key(call, "user") == setup.TokenAccount(_run.Of(call).Node), CommonError.InvalidATA);
        _vault = Token("vault").Mut();
        payer = Unchecked("payer").Mut();
        authority = Signer("authority").Mut();
        TokenProgram();
    }

    public override void Handle(AnchorCall call)
    {
        RunAccount run = _run.Of(call);
        _job.Update(call, job => job with { State = JobState.Done, TimeStart = run.Time, TimeEnd = call.Now, Node = run.Node });
        Payout.Split(call, _job.Of(call), _vault, _user, _deposit, _setup.VaultSeeds(call, _market));
    }
}
