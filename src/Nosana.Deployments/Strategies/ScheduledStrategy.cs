using System.Globalization;
using Nosana.Deployments.Model;

namespace Nosana.Deployments.Strategies;

/// <summary>SCHEDULED: all replicas at each tick. Of ticks that were missed the newest counts, while it is within its starting deadline.</summary>
internal static class ScheduledStrategy
{
    public static Plan Plan(Look look)
    {
        Deployment deployment = look.Deployment;
        DeploymentSchedule settings = deployment.Schedule!;
        CronSchedule schedule = CronSchedule.Parse(settings.Expression, settings.TimeZone, look.Now);
        if (deployment.Status == DeploymentStatus.Starting || deployment.NextTick is not { } tick)
        {
            DateTimeOffset? first = schedule.Next(look.Now);
            return new Plan { Deployment = deployment with { NextTick = first }, Steps = [.. look.StopOthers()], LookAgainAt = first };
        }
        if (tick > look.Now) return new Plan { Deployment = deployment, Steps = [.. look.StopOthers()], LookAgainAt = tick };

        for (DateTimeOffset? later = schedule.Next(tick); later <= look.Now; later = schedule.Next(tick)) tick = later.Value;
        DateTimeOffset? next = schedule.Next(look.Now);
        deployment = deployment with { NextTick = next };
        if (settings.StartingDeadline is { } deadline && look.Now - tick > deadline)
            return LeftOut(deployment, look, tick, next, $"it is {(look.Now - tick).TotalSeconds:0} s late, and may be {deadline.TotalSeconds:0} s");
        if (settings.Overlap == Overlap.Forbid && look.Jobs.Any(job => job.IsActive))
            return LeftOut(deployment, look, tick, next, "a job of an earlier one is active");
        return new Plan
        {
            Deployment = deployment,
            Steps =
            [
                .. settings.Overlap == Overlap.Replace ? look.StopAll(StopCause.Replaced) : look.StopOthers(),
                .. look.List(deployment.Replicas, tick),
            ],
            LookAgainAt = next,
        };
    }

    private static Plan LeftOut(Deployment deployment, Look look, DateTimeOffset tick, DateTimeOffset? next, string why) => new()
    {
        Deployment = deployment,
        Steps = [.. look.StopOthers()],
        Events =
        [
            new DeploymentEvent(
                EventTypes.TickLeftOut, string.Create(CultureInfo.InvariantCulture, $"The tick of {tick:yyyy-MM-dd HH:mm}Z was left out: {why}.")),
        ],
        LookAgainAt = next,
    };
}
