using Nosana.LocalNet.Programs.Anchor;
using Nosana.Programs.Accounts;
using Nosana.Programs.Errors;
using Nosana.Programs.Instructions;

namespace Nosana.LocalNet.Programs.Jobs;

/// <summary>The node posts the result of a job that its project ended.</summary>
internal sealed class CompleteInstruction : AnchorInstruction
{
    private readonly DataRule<JobAccount> _job;

    public CompleteInstruction(JobsSetup setup) : base(JobsLayout.Complete)
    {
        SignerRule? authority = null;
        _job = Data<JobAccount>("job", setup.Addresses.Jobs).Mut()
            .Where(call => _job!.Of(call).State == JobState.Done, JobsError.JobInWrongState)
            .Where(call => _job!.Of(call).Node == authority!.Key(call), CommonError.Unauthorized)
            .Where(call => !_job!.Of(call).HasResult, JobsError.JobResultsAlreadySet);
        authority = Signer("authority");
    }

    public override void Handle(AnchorCall call)
    {
        byte[] result = call.Argument<byte[]>("ipfs_result");
        call.Require(result.AsSpan().ContainsAnyExcept((byte)0), JobsError.JobResultNull);
        _job.Update(call, job => job with { IpfsResult = result });
    }
}
