using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;
using Nosana.Programs.Money;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>Takes a queued job out of the queue, refunds it and closes it.</summary>
internal sealed class DelistInstruction : AnchorInstruction
{
    private readonly JobsSetup _setup;
    private readonly DataRule<JobAccount> _job;
    private readonly DataRule<MarketAccount> _market;
    private readonly TokenRule _deposit, _vault;
    private readonly UncheckedRule _payer;

    public DelistInstruction(JobsSetup setup) : base(JobsLayout.Delist)
    {
        _setup = setup;
        SignerRule? authority = null;
        _job = Data<JobAccount>("job", setup.Addresses.Jobs).Mut()
            .HasOne(() => _payer!, job => job.Payer, CommonError.InvalidPayer)
            .HasOne(() => _market!, job => job.Market, JobsError.InvalidMarketAccount)
            .Where(call => _job!.Of(call).Project == authority!.Key(call), CommonError.Unauthorized)
            .Where(call => _job!.Of(call).State == JobState.Queued, JobsError.JobInWrongState)
            .Close(() => _payer!);
        _market = Data<MarketAccount>("market", setup.Addresses.Jobs).Mut()
            .HasOne(() => _vault!, market => market.Vault, CommonError.InvalidVault)
            .Where(call => _market!.Of(call).QueueType == QueueType.Job, JobsError.MarketInWrongState);
        _deposit = Token("deposit").Mut()
            .Where(call => _job.Of(call).Price == 0 || Key(call, "deposit") == setup.TokenAccount(_payer!.Key(call)), CommonError.InvalidATA);
        _payer = Unchecked("payer").Mut();
        _vault = Token("vault").Mut();
        TokenProgram();
        authority = Signer("authority").Mut();
    }

    public override void Handle(AnchorCall call)
    {
        _market.Set(call, _market.Of(call).Remove(_job.Key(call)) ?? throw call.Fail(JobsError.NotInMarketQueue));
        JobAccount job = _job.Of(call);
        if (job.Price == 0) return;
        Tokens.TransferFromVault(call, _vault, _deposit, JobPayment.Deposit(job.Price, job.Timeout), _setup.VaultSeeds(call, _market));
    }
}
