using System.Globalization;
using Nosana.Deployments.Chain;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.Solana.Rpc.Sending;

namespace Nosana.Deployments.Reconciling;

/// <summary>What became of transactions, written into a draft.</summary>
internal sealed class Settlement(ReconcilingOptions options)
{
    public void Apply(Draft draft, ChainTransaction transaction, TransactionOutcome outcome)
    {
        draft.Put(transaction with
        {
            Blob = null,
            State = outcome switch
            {
                TransactionOutcome.Confirmed => TransactionState.Confirmed,
                TransactionOutcome.Failed => TransactionState.Failed,
                _ => TransactionState.Expired,
            },
            Error = outcome is TransactionOutcome.Failed refused ? NosanaDeploymentChain.Describe(refused) : null,
        });
        if (draft.TargetOf(transaction.Signature) is not { } target) return;
        switch (outcome)
        {
            case TransactionOutcome.Confirmed:
                draft.Put(target with { State = TargetState.Confirmed, Error = null, DueAt = null });
                Confirm(draft, target, transaction.Signature);
                break;
            case TransactionOutcome.Failed failed:
                Refuse(draft, target, NosanaDeploymentChain.Describe(failed));
                break;
            default:
                // It never lands: another one may be signed at once.
                draft.Put(target with { State = TargetState.Planned, Signature = null, DueAt = null });
                break;
        }
    }

    /// <summary>A target could not be met; it is tried again later. A deployment whose listings are refused again and again is given up.</summary>
    public void Refuse(Draft draft, ChainTarget target, string why)
    {
        int attempts = target.Attempts + 1;
        draft.Put(target with
        {
            State = TargetState.Planned,
            Signature = null,
            Attempts = attempts,
            Error = why,
            DueAt = draft.Now + options.PauseAfter(attempts),
        });
        if (why != target.Error && ErrorTypeOf(target.Kind) is { } type)
            draft.Tell(new DeploymentEvent(type, $"{Wish(target)} was refused: {why}", target.Signature));
        if (target.Kind is not (TargetKind.List or TargetKind.Assign) || attempts < options.MostListings) return;
        if (Transitions.Find(draft.Deployment.Status, Trigger.GivenUp) is not { } givenUp) return;
        draft.Deployment = draft.Deployment with { Status = givenUp };
        draft.Tell(new DeploymentEvent(EventTypes.GivenUp, $"Listing was refused {attempts} times, and is not tried again: {why}"));
    }

    public static DeploymentEvent Listed(string job, string? signature) => new(EventTypes.ListConfirmed, $"Job {job} is listed.", signature);

    private static void Confirm(Draft draft, ChainTarget target, string signature)
    {
        if (draft.FindJob(target.Job) is not { } job) return;
        switch (target.Kind)
        {
            case TargetKind.List or TargetKind.Assign:
                draft.Put(job with { State = job.State == JobState.Pending ? JobState.Queued : job.State, Tx = signature, ListingSeeds = null });
                draft.Tell(Listed(job.Job, signature));
                break;
            case TargetKind.Extend:
                draft.Put(job with { Timeout = target.Timeout > job.Timeout ? target.Timeout.Value : job.Timeout });
                string may = string.Create(CultureInfo.InvariantCulture, $"Job {job.Job} may run for {target.Timeout!.Value.TotalSeconds:0} s in all.");
                draft.Tell(new DeploymentEvent(EventTypes.ExtendConfirmed, may, signature));
                break;
            // A job that a host has is shown on by the chain, with its end; one that none had is gone.
            case TargetKind.Stop:
                draft.Put(job.State == JobState.Running
                    ? job with { Reason = EndReason.Ended }
                    : job.IsActive ? job with { State = JobState.Stopped, Reason = EndReason.Delisted, EndedAt = draft.Now } : job);
                draft.Tell(new DeploymentEvent(EventTypes.StopConfirmed, $"Job {job.Job} is stopped.", signature));
                break;
            case TargetKind.Recover:
                draft.Tell(new DeploymentEvent(EventTypes.Recovered, $"The deposit of job {job.Job} is back in the vault.", signature));
                break;
        }
    }

    private static string Wish(ChainTarget target) => target.Kind switch
    {
        TargetKind.List or TargetKind.Assign => $"Listing job {target.Job}",
        TargetKind.Extend => $"Extending job {target.Job}",
        TargetKind.Stop => $"Stopping job {target.Job}",
        _ => $"Recovering the deposit of job {target.Job}",
    };

    private static string? ErrorTypeOf(TargetKind kind) => kind switch
    {
        TargetKind.List or TargetKind.Assign => EventTypes.ListError,
        TargetKind.Extend => EventTypes.DeadlineMissed,
        TargetKind.Stop => EventTypes.StopError,
        TargetKind.Recover => EventTypes.RecoverError,
        _ => null,
    };
}
