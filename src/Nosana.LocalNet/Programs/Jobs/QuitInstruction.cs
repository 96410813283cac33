using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>The node gives a run up: the job is stopped, nobody is paid.</summary>
internal sealed class QuitInstruction : AnchorInstruction
{
    private readonly DataRule<JobAccount> _job;

    public QuitInstruction(JobsSetup setup) : base(JobsLayout.Quit)
    {
        UncheckedRule? payer = null;
        SignerRule? authority = null;
        _job = Data<JobAccount>("job", setup.Addresses.Jobs).Mut();
        DataRule<RunAccount>? run = null;
        run = Data<RunAccount>("run", setup.Addresses.Jobs).Mut()
            .HasOne(() => _job, account => account.Job, JobsError.InvalidJobAccount)
            .HasOne(() => payer!, account => account.Payer, CommonError.InvalidPayer)
            .Where(call => run!.Of(call).Node == authority!.Key(call), CommonError.Unauthorized)
            .Close(() => payer!);
        payer = Unchecked("payer").Mut();
        authority = Signer("authority");
    }

    public override void Handle(AnchorCall call) => _job.Update(call, job => job with { State = JobState.Stopped });
}
