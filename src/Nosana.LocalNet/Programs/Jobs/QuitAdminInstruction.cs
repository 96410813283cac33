using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>The administrator deletes a run. Its job stays as it is, which nobody but the administrator can change any more.</summary>
internal sealed class QuitAdminInstruction : AnchorInstruction
{
    public QuitAdminInstruction(JobsSetup setup) : base(JobsLayout.QuitAdmin)
    {
        UncheckedRule? payer = null;
        Data<RunAccount>("run", setup.Addresses.Jobs).Mut().HasOne(() => payer!, run => run.Payer, CommonError.InvalidPayer).Close(() => payer!);
        payer = Unchecked("payer").Mut();
        Signer("authority").At(_ => setup.Addresses.MarketAdmin, CommonError.Unauthorized);
    }

    public override void Handle(AnchorCall call)
    {
    }
}
