using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>The jobs program of one network: markets, jobs and runs.</summary>
internal sealed class JobsProgram(JobsSetup setup, bool rejectDuplicates) : AnchorProgram(
    setup.Addresses.Jobs, JobsLayout.Program, setup.Derived, rejectDuplicates,
[
    new OpenInstruction(setup), new UpdateInstruction(setup), new CloseInstruction(setup, byAdministrator: false),
    new CloseInstruction(setup, byAdministrator: true),
    new AssignInstruction(setup), new ListInstruction(setup), new DelistInstruction(setup), new RecoverInstruction(setup), new ExtendInstruction(setup),
    new EndInstruction(setup), new WorkInstruction(setup), new StopInstruction(setup), new ClaimInstruction(setup), new CompleteInstruction(setup),
    new FinishInstruction(setup), new QuitInstruction(setup), new QuitAdminInstruction(setup), new CleanInstruction(setup), new CleanAdminInstruction(setup),
]);
