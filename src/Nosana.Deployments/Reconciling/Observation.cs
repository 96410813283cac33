using Nosana.Deployments.Chain;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.Programs.Accounts;
using JobState = Nosana.Deployments.Model.JobState;
using StoredState = Nosana.Programs.Accounts.JobState;

namespace Nosana.Deployments.Reconciling;

/// <summary>What the chain shows of jobs, written into a draft. A state never goes back, whatever an older answer says.</summary>
internal static class Observation
{
    public static void Apply(Draft draft, JobsLook look, Absences absences)
    {
        foreach (DeploymentJob job in draft.Jobs.Where(job => job.IsActive))
        {
            if (look.Jobs.TryGetValue(job.Job, out SeenJob? seen))
            {
                absences.Found(job.Job);
                Seen(draft, job, seen);
            }
            // One that waits to be listed is not missed.
            else if (job.State != JobState.Pending && IsGone(job.Job))
            {
                absences.Found(job.Job);
                Gone(draft, job);
            }
        }
        // A deposit that is back closed its job's account, whoever asked for it.
        foreach (ChainTarget target in draft.OpenTargets.Where(target => target is { Kind: TargetKind.Recover, State: TargetState.Planned }).ToArray())
        {
            if (look.Jobs.ContainsKey(target.Job)) absences.Found(target.Job);
            else if (draft.FindJob(target.Job) is { IsActive: false } && IsGone(target.Job)) draft.Put(target with { State = TargetState.Confirmed });
        }

        bool IsGone(string job)
        {
            bool isGone = absences.Missed(job, look.Slot, draft.Now);
            draft.IsSomethingMissed |= !isGone;
            return isGone;
        }
    }

    /// <summary>What nobody needs any more is given up, and what is true already is done.</summary>
    public static void Tidy(Draft draft)
    {
        foreach (ChainTarget target in draft.OpenTargets.ToArray())
        {
            DeploymentJob? job = draft.FindJob(target.Job);
            if (job is null)
            {
                draft.Put(target with { State = TargetState.Dropped });
                continue;
            }
            switch (target.Kind)
            {
                // What is signed may land: it is waited for, and the job is taken back then.
                case TargetKind.List or TargetKind.Assign when target.State == TargetState.Planned
                    && (job.IsToStop || !draft.Deployment.Status.IsLive() || !job.IsActive):
                    draft.Put(target with { State = TargetState.Dropped });
                    if (job.State == JobState.Pending)
                    {
                        draft.Put(job with
                        {
                            State = JobState.Stopped,
                            Reason = EndReason.Delisted,
                            IsToStop = true,
                            EndedAt = draft.Now,
                            ListingSeeds = null,
                        });
                    }
                    break;
                case TargetKind.Extend when target.State == TargetState.Planned
                    && (job.IsToStop || !job.IsActive || !draft.Deployment.Status.IsLive() || job.Timeout >= target.Timeout):
                    draft.Put(target with { State = TargetState.Dropped });
                    break;
            }
        }
        // After the listings: a job that is never listed needs no stop.
        foreach (ChainTarget target in draft.OpenTargets.Where(target => target.Kind == TargetKind.Stop && target.State == TargetState.Planned).ToArray())
        {
            if (draft.FindJob(target.Job) is { IsActive: false } job)
            {
                draft.Put(target with { State = TargetState.Confirmed });
                draft.Tell(new DeploymentEvent(EventTypes.StopConfirmed, $"Job {job.Job} had ended already.", job.Tx));
            }
        }
    }

    private static void Seen(Draft draft, DeploymentJob job, SeenJob seen)
    {
        JobAccount account = seen.Account;
        DeploymentJob now = job with
        {
            Price = account.Price,
            Timeout = Later(job.Timeout, account.Timeout),
            ListingSeeds = null,
            Tx = job.Tx ?? draft.FindTarget(ChainTarget.KeyOf(TargetKind.List, job.Job))?.Signature,
        };
        now = account.State switch
        {
            StoredState.Done => now with
            {
                State = JobState.Completed,
                Node = account.Node.Key,
                StartedAt = TimeOf(account.TimeStart),
                EndedAt = TimeOf(account.TimeEnd),
                Reason = job.Reason ?? EndReason.Finished,
            },
            // The chain does not say when. One that was never seen to run was given back at once: it counts as one that ran for no time.
            StoredState.Stopped => now with { State = JobState.Stopped, Reason = EndReason.Quit, StartedAt = job.StartedAt ?? draft.Now, EndedAt = draft.Now },
            StoredState.Queued when seen.Run is { } run => now with { State = JobState.Running, Node = run.Node.Key, StartedAt = TimeOf(run.Time) },
            StoredState.Queued when job.State == JobState.Pending => now with { State = JobState.Queued },
            _ => now,
        };
        draft.Put(now);
        if (job.State == JobState.Pending) Landed(draft, now);
        if (now.Reason == EndReason.Quit) draft.Aim(TargetKind.Recover, job.Job);
    }

    // Its listing is true, whatever was heard of its transaction.
    private static void Landed(Draft draft, DeploymentJob job)
    {
        if (draft.FindTarget(ChainTarget.KeyOf(TargetKind.List, job.Job)) is not { State: TargetState.Planned or TargetState.Signed } target) return;
        draft.Put(target with { State = TargetState.Confirmed });
        draft.Tell(Settlement.Listed(job.Job, job.Tx));
    }

    private static void Gone(Draft draft, DeploymentJob job) => draft.Put(job.State == JobState.Running
        ? job with { State = JobState.Completed, Reason = job.Reason ?? EndReason.Finished, EndedAt = draft.Now }
        : job with { State = JobState.Stopped, Reason = EndReason.Delisted, EndedAt = draft.Now });

    private static TimeSpan Later(TimeSpan known, long seconds)
    {
        TimeSpan seen = TimeSpan.FromSeconds(Math.Clamp(seconds, 0, (long)TimeSpan.MaxValue.TotalSeconds / 2));
        return seen > known ? seen : known;
    }

    private static DateTimeOffset TimeOf(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds()));
}
