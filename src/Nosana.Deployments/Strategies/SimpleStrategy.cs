using Nosana.Deployments.Model;

namespace Nosana.Deployments.Strategies;

/// <summary>
/// SIMPLE and SIMPLE-EXTEND: each replica is listed once, and one that ends is not replaced. When all have ended, so has the deployment. Replicas that are
/// added while it runs are listed; with SIMPLE-EXTEND each job is given its timeout again before it is up.
/// </summary>
internal static class SimpleStrategy
{
    private static readonly TimeSpan s_leastBuffer = TimeSpan.FromSeconds(60), s_mostBuffer = TimeSpan.FromSeconds(300);

    public static Plan Plan(Look look, bool isExtended = false)
    {
        Deployment deployment = look.Deployment;
        int wanted = look.Wanted.Count, listed = look.Own.Count();
        bool isBegun = deployment.Quota is { } quota && quota.Run == deployment.Run && quota.Revision == deployment.ActiveRevision;
        deployment = isBegun ? deployment : deployment with { Quota = new ListingQuota(deployment.Run, deployment.ActiveRevision, deployment.Replicas) };
        int missing = deployment.Quota!.Jobs - listed;
        if (missing <= 0 && isBegun && deployment.Replicas > 0 && !look.Jobs.Any(job => job.IsActive) && deployment.Status == DeploymentStatus.Running)
            return new Plan { Deployment = deployment with { Status = Transitions.Find(DeploymentStatus.Running, Trigger.Finished)!.Value } };
        (IReadOnlyList<PlanStep> extensions, DateTimeOffset? next) = isExtended ? Extensions(look) : ([], null);
        return new Plan
        {
            Deployment = deployment,
            Steps =
            [
                .. look.StopOthers(),
                .. Look.StopSome(look.Wanted, wanted - deployment.Replicas, StopCause.TooMany),
                .. extensions,
                .. look.List(missing),
            ],
            LookAgainAt = next,
        };
    }

    /// <summary>The quota after its owner has asked for another number of replicas: what is missing now is listed, whatever ended before.</summary>
    public static ListingQuota? QuotaFor(Deployment deployment, IReadOnlyList<DeploymentJob> jobs, int replicas)
    {
        if (deployment.Quota is not { } quota || quota.Run != deployment.Run || quota.Revision != deployment.ActiveRevision) return deployment.Quota;
        var look = new Look(deployment, jobs, default);
        int pending = Math.Max(0, quota.Jobs - look.Own.Count()), there = look.Wanted.Count + pending;
        return quota with { Jobs = look.Own.Count() + pending + Math.Max(0, replicas - there) - Math.Min(pending, Math.Max(0, there - replicas)) };
    }

    /// <summary>So long before a job's deadline it is extended.</summary>
    public static TimeSpan BufferOf(TimeSpan timeout)
    {
        TimeSpan tenth = timeout / 10;
        return tenth < s_leastBuffer ? s_leastBuffer : tenth > s_mostBuffer ? s_mostBuffer : tenth;
    }

    // By the chain's deadline, not by when the last extension was seen: nothing adds up, however late anything is.
    private static (IReadOnlyList<PlanStep> Steps, DateTimeOffset? Next) Extensions(Look look)
    {
        TimeSpan timeout = look.Deployment.Timeout, buffer = BufferOf(timeout);
        DeploymentJob[] running = [.. look.Wanted.Where(job => job.Deadline is not null && job.State == JobState.Running)];
        DeploymentJob[] due = [.. running.Where(job => job.Deadline - buffer <= look.Now)];
        return (
            [.. due.Select(job => new PlanStep.Extend(job.Job, job.Timeout + timeout))],
            Look.Earliest(running.Except(due).Select(job => job.Deadline - buffer)));
    }
}
