using Nosana.Deployments.Chain;
using Nosana.Deployments.Model;
using Nosana.Deployments.Store;
using Nosana.Deployments.Strategies;
using Nosana.Deployments.Vaults;

namespace Nosana.Deployments.Reconciling;

/// <summary>Whether the vault can pay for what is next, before anything of it is written down or sent.</summary>
internal static class FundsGate
{
    /// <summary>What a plan and what is written down already, and not sent, need in the vault; null when they list and extend nothing.</summary>
    public static Funds? Needed(Draft draft, Plan plan, Prices prices)
    {
        HashSet<string> stopped = [.. plan.Steps.OfType<PlanStep.Stop>().Select(stop => stop.Job)];
        Funds needed = default;
        int listed = 0, extended = 0;
        foreach (ChainTarget target in draft.OpenTargets.Where(target => target.State == TargetState.Planned && !stopped.Contains(target.Job)))
        {
            if (draft.FindJob(target.Job) is not { IsWanted: true } job) continue;
            if (target.Kind is TargetKind.List or TargetKind.Assign)
            {
                needed += NeededFunds.ToList(prices, job.Timeout);
                listed++;
            }
            else if (target is { Kind: TargetKind.Extend, Timeout: { } timeout } && timeout > job.Timeout)
            {
                // What a job costs was agreed on when it was listed.
                needed += NeededFunds.ToExtend(prices with { NosPerSecond = job.Price }, timeout - job.Timeout);
                extended++;
            }
        }
        foreach (PlanStep step in plan.Steps)
        {
            if (step is PlanStep.List)
            {
                needed += NeededFunds.ToList(prices, plan.Deployment.Timeout);
                listed++;
            }
            else if (step is PlanStep.Extend extend && draft.FindTarget(ChainTarget.KeyOf(TargetKind.Extend, extend.Job, extend.Timeout)) is null
                && draft.FindJob(extend.Job) is { } job && extend.Timeout > job.Timeout)
            {
                needed += NeededFunds.ToExtend(prices with { NosPerSecond = job.Price }, extend.Timeout - job.Timeout);
                extended++;
            }
        }
        if (listed + extended == 0) return null;
        int active = draft.Jobs.Count(job => job.State is JobState.Queued or JobState.Running);
        return needed + NeededFunds.ToStop(prices, active + listed) + new Funds(0, prices.RentOfEmptyAccount);
    }

    /// <summary>The vault cannot pay: nothing but stops of the plan is taken, and the deployment says so until it can.</summary>
    public static Plan Close(Draft draft, Plan plan, Funds needed, Funds there)
    {
        Deployment deployment = draft.Deployment;
        bool isNew = deployment.Status != DeploymentStatus.InsufficientFunds;
        DeploymentStatus status = Transitions.Find(deployment.Status, Trigger.FundsMissing) ?? deployment.Status;
        return new Plan
        {
            Deployment = deployment with { Status = status },
            Steps = [.. plan.Steps.OfType<PlanStep.Stop>()],
            Events = isNew ? [new DeploymentEvent(EventTypes.FundsMissing, NeededFunds.Describe(needed, there, deployment.Vault))] : [],
        };
    }

    /// <summary>The vault can pay, or nothing is to be paid: a deployment that waited for funds goes on.</summary>
    public static Plan Open(Plan plan) =>
        plan.Deployment.Status == DeploymentStatus.InsufficientFunds && Transitions.Find(plan.Deployment.Status, Trigger.FundsFound) is { } status
            ? plan with
            {
                Deployment = plan.Deployment with { Status = status },
                Events =
                [
                    .. plan.Events,
                    new DeploymentEvent(EventTypes.FundsFound, $"The vault {plan.Deployment.Vault} can pay again: the deployment goes on."),
                ],
            }
            : plan;
}
