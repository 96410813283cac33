using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>The administrator removes a job in any state. Nothing is refunded, and a place in the queue stays.</summary>
internal sealed class CleanAdminInstruction : AnchorInstruction
{
    public CleanAdminInstruction(JobsSetup setup) : base(JobsLayout.CleanAdmin)
    {
        UncheckedRule? payer = null;
        Data<JobAccount>("job", setup.Addresses.Jobs).Mut().HasOne(() => payer!, job => job.Payer, CommonError.InvalidPayer).Close(() => payer!);
        payer = Unchecked("payer").Mut();
        Signer("authority").At(_ => setup.Addresses.MarketAdmin, CommonError.Unauthorized);
    }

    public override void Handle(AnchorCall call)
    {
    }
}
