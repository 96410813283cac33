using System.Globalization;
using Nosana.Deployments.Model;

namespace Nosana.Deployments.Strategies;

/// <summary>Jobs that end at once, one after the other: by their own fault, or by hosts that give them back. Each costs rent and fees.</summary>
internal static class RapidCompletion
{
    private const int LeastJobs = 3, RoundsOfReplicas = 3, MostRounds = 8;

    private static readonly TimeSpan s_short = TimeSpan.FromMinutes(5), s_mostWait = TimeSpan.FromMinutes(60);

    /// <summary>The deployment with its rounds counted on. A round is counted once for what ended since the last one.</summary>
    public static (Deployment Deployment, IReadOnlyList<DeploymentEvent> Events) Judge(Look look)
    {
        Deployment deployment = look.Deployment;
        DeploymentJob[] ended =
        [
            .. look.Jobs.Where(job => job.Run == deployment.Run && IsRun(job)).OrderByDescending(job => job.EndedAt).ThenByDescending(job => job.ListedAt),
        ];
        if (ended.Length <= deployment.Rapid.Judged) return (deployment, []);
        DeploymentJob[] last = [.. ended.Take(Math.Max(1, deployment.Replicas) * RoundsOfReplicas)];
        if (last.Length < LeastJobs || !last.All(job => job.RanFor < s_short))
            return (deployment with { Rapid = RapidRounds.None with { Judged = ended.Length } }, []);
        int streak = deployment.Rapid.Streak + 1;
        if (streak >= MostRounds && Transitions.Find(deployment.Status, Trigger.FailSafe) is { } stopping)
        {
            return (deployment with { Status = stopping, Rapid = new RapidRounds(streak, null, ended.Length) },
                [new DeploymentEvent(EventTypes.RapidFailSafe, $"{last.Length} jobs in a row ran for less than 5 minutes, for the {streak}th time: "
                    + "the deployment is stopped, so that they cost no more.")]);
        }
        TimeSpan wait = WaitAfter(streak - 1);
        return (deployment with { Rapid = new RapidRounds(streak, look.Now + wait, ended.Length) },
            [new DeploymentEvent(EventTypes.RapidThrottle, string.Create(CultureInfo.InvariantCulture,
                $"{last.Length} jobs in a row ran for less than 5 minutes (round {streak} of {MostRounds}): the next is listed in {wait.TotalSeconds:0} s."))]);
    }

    /// <summary>1 minute, doubling, up to an hour.</summary>
    public static TimeSpan WaitAfter(int rounds)
    {
        TimeSpan wait = TimeSpan.FromMinutes(Math.Pow(2, Math.Clamp(rounds, 0, 10)));
        return wait < s_mostWait ? wait : s_mostWait;
    }

    // One that was stopped here, or never ran, says nothing of the job; one that a host gave back after it ran does.
    private static bool IsRun(DeploymentJob job) => job.EndedAt is not null && job.StartedAt is not null && job.Reason is EndReason.Finished or EndReason.Quit;
}
