using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Programs.Money;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>Gives a stopped job's deposit to an account of the project's choice and closes the job.</summary>
internal sealed class RecoverInstruction : AnchorInstruction
{
    private readonly JobsSetup _setup;
    private readonly DataRule<JobAccount> _job;
    private readonly DataRule<MarketAccount> _market;
    private readonly TokenRule _vault, _user;

    public RecoverInstruction(JobsSetup setup) : base(JobsLayout.Recover)
    {
        _setup = setup;
        UncheckedRule? payer = null;
        SignerRule? authority = null;
        _job = Data<JobAccount>("job", setup.Addresses.Jobs).Mut()
            .HasOne(() => payer!, job => job.Payer, CommonError.InvalidPayer)
            .HasOne(() => _market!, job => job.Market, JobsError.InvalidMarketAccount)
            .Where(call => _job!.Of(call).Project == authority!.Key(call), CommonError.Unauthorized)
            .Where(call => _job!.Of(call).State == JobState.Stopped, JobsError.JobInWrongState)
            .Close(() => payer!);
        _market = Data<MarketAccount>("market", setup.Addresses.Jobs).HasOne(() => _vault!, market => market.Vault, CommonError.InvalidVault);
        _vault = Token("vault").Mut();
        _user = Token("user").Mut();
        payer = Unchecked("payer").Mut();
        authority = Signer("authority");
        TokenProgram();
    }

    public override void Handle(AnchorCall call)
    {
        JobAccount job = _job.Of(call);
        // The one transfer that is made for free jobs too, of nothing.
        Tokens.TransferFromVault(call, _vault, _user, JobPayment.Deposit(job.Price, job.Timeout), _setup.VaultSeeds(call, _market));
    }
}
