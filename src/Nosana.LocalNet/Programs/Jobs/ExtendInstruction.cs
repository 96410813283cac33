using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>Gives a queued or running job more time, paid by its payer.</summary>
internal sealed class ExtendInstruction : AnchorInstruction
{
    private readonly DataRule<JobAccount> _job;
    private readonly Deposits _deposits;

    public ExtendInstruction(JobsSetup setup) : base(JobsLayout.Extend)
    {
        DataRule<MarketAccount>? market = null;
        TokenRule? vault = null;
        SignerRule? authority = null, payer = null;
        _job = Data<JobAccount>("job", setup.Addresses.Jobs).Mut()
            .HasOne(() => market!, job => job.Market, JobsError.InvalidMarketAccount)
            .Where(call => _job!.Of(call).Project == authority!.Key(call), CommonError.Unauthorized)
            .Where(call => _job!.Of(call).Price == 0 || _job.Of(call).Payer == payer!.Key(call), CommonError.Unauthorized)
            .Where(call => _job!.Of(call).State == JobState.Queued, JobsError.JobInWrongState);
        market = Data<MarketAccount>("market", setup.Addresses.Jobs).HasOne(() => vault!, account => account.Vault, CommonError.InvalidVault);
        TokenRule user = Token("user").Mut()
            .Where(call => _job.Of(call).Price == 0 || Key(call, "user") == setup.TokenAccount(payer!.Key(call)), CommonError.InvalidATA);
        vault = Token("vault").Mut();
        DataRule<ReflectionAccount> reflection = Data<ReflectionAccount>("rewards_reflection", setup.Addresses.Rewards).Mut();
        TokenRule rewardsVault = Token("rewards_vault").Mut();
        authority = Signer("authority");
        payer = Signer("payer");
        Program("rewards_program", setup.Addresses.Rewards);
        TokenProgram();
        _deposits = new Deposits(setup, user, vault, payer, reflection, rewardsVault);
    }

    public override void Handle(AnchorCall call)
    {
        JobAccount job = _job.Of(call);
        long timeout = call.Argument<long>("timeout");
        call.Require(timeout > job.Timeout, JobsError.JobTimeoutNotGreater);
        _job.Set(call, job with { Timeout = timeout });
        _deposits.Pay(call, job.Price, checked(timeout - job.Timeout));
    }
}
