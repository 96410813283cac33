using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>Anyone removes a job that is done and old enough. The market need not be the job's own.</summary>
internal sealed class CleanInstruction : AnchorInstruction
{
    public CleanInstruction(JobsSetup setup) : base(JobsLayout.Clean)
    {
        DataRule<MarketAccount>? market = null;
        UncheckedRule? payer = null;
        DataRule<JobAccount>? job = null;
        job = Data<JobAccount>("job", setup.Addresses.Jobs).Mut()
            .HasOne(() => payer!, account => account.Payer, CommonError.InvalidPayer)
            .Where(call => job!.Of(call).State == JobState.Done, JobsError.JobInWrongState)
            .Where(call => checked(call.Now - job!.Of(call).TimeEnd) > market!.Of(call).JobExpiration, JobsError.JobNotExpired)
            .Close(() => payer!);
        market = Data<MarketAccount>("market", setup.Addresses.Jobs);
        payer = Unchecked("payer").Mut();
    }

    public override void Handle(AnchorCall call)
    {
    }
}
