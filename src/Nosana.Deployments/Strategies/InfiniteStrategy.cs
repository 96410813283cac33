using Nosana.Deployments.Model;

namespace Nosana.Deployments.Strategies;

/// <summary>
/// INFINITE: as many as replicas, always. A job's replacement is listed some time before the job's deadline, and when it runs the job is stopped. Jobs that
/// end at once, however, are listed more and more slowly, and at last no more.
/// </summary>
internal static class InfiniteStrategy
{
    public static Plan Plan(Look look)
    {
        (Deployment deployment, IReadOnlyList<DeploymentEvent> events) = RapidCompletion.Judge(look);
        if (deployment.Status == DeploymentStatus.Stopping)
            return new Plan { Deployment = deployment, Steps = look.StopAll(StopCause.Stopping), Events = events };
        DeploymentJob[] ageing = [.. look.Wanted.Where(job => job.State == JobState.Running && job.Deadline - deployment.Rotation <= look.Now)];
        DeploymentJob[] fresh = [.. look.Wanted.Except(ageing)];
        int missing = deployment.Replicas - fresh.Length;
        // As many of the old as the new that run have made one too many; all of them when no replica is wanted.
        int replaced = fresh.Count(job => job.State == JobState.Running) + ageing.Length - deployment.Replicas;
        DateTimeOffset? heldUntil = missing > 0 && deployment.Rapid.Until is { } until && until > look.Now ? until : null;
        return new Plan
        {
            Deployment = deployment,
            Steps =
            [
                .. look.StopOthers(),
                .. Look.StopSome(ageing, replaced, StopCause.Rotated),
                .. Look.StopSome(fresh, -missing, StopCause.TooMany),
                .. heldUntil is null ? look.List(missing) : [],
            ],
            Events = events,
            LookAgainAt = Look.Earliest([heldUntil, .. fresh.Select(job => job.Deadline - deployment.Rotation)]),
        };
    }
}
