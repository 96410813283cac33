using Nosana.Deployments.Model;

namespace Nosana.Deployments.Strategies;

/// <summary>
/// From what is wished and what is seen to what is to be done. Level by level, never from an event: whatever was missed meanwhile, the next look makes good.
/// Pure: the same deployment and jobs at the same time give the same plan.
/// </summary>
public static class Planner
{
    /// <param name="deployment">As it is written down.</param>
    /// <param name="jobs">All of its jobs that are active, and those that ended since its last start.</param>
    /// <param name="now">The time.</param>
    public static Plan Plan(Deployment deployment, IReadOnlyList<DeploymentJob> jobs, DateTimeOffset now)
    {
        var look = new Look(deployment, jobs, now);
        if (deployment.Status == DeploymentStatus.Stopping) return Stopping(look);
        // What was listed for an earlier start is nobody's wish any more; of an archived one, nothing is.
        if (!deployment.Status.IsLive())
            return new Plan { Deployment = deployment, Steps = deployment.Status == DeploymentStatus.Archived ? look.StopAll(StopCause.Stopping) : [] };
        Plan plan = deployment.Strategy switch
        {
            DeploymentStrategy.Simple => SimpleStrategy.Plan(look),
            DeploymentStrategy.SimpleExtend => SimpleStrategy.Plan(look, isExtended: true),
            DeploymentStrategy.Scheduled => ScheduledStrategy.Plan(look),
            _ => InfiniteStrategy.Plan(look),
        };
        return plan.Deployment.Status == DeploymentStatus.Starting
            ? plan with { Deployment = plan.Deployment with { Status = Transitions.Find(DeploymentStatus.Starting, Trigger.Begun)!.Value } }
            : plan;
    }

    private static Plan Stopping(Look look) => look.Jobs.Any(job => job.IsActive)
        ? new Plan { Deployment = look.Deployment, Steps = look.StopAll(StopCause.Stopping) }
        : new Plan { Deployment = look.Deployment with { Status = Transitions.Find(DeploymentStatus.Stopping, Trigger.Finished)!.Value } };
}
