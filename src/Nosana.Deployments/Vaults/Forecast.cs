using Nosana.Deployments.Model;
using Nosana.Deployments.Strategies;

namespace Nosana.Deployments.Vaults;

/// <summary>What a deployment costs from now on, and how long its vault can pay for it.</summary>
/// <param name="BurnPerHour">Micro-NOS for what runs or comes to run, on average; lamports for fees, without rent, which comes back.</param>
/// <param name="Until">When the vault cannot pay for what is next; null when it can for ever, or nothing comes.</param>
public sealed record Forecast(Funds BurnPerHour, DateTimeOffset? Until)
{
    // Listing takes three signatures, ending one.
    private const int SignaturesOfJob = 4;

    private static readonly TimeSpan s_longest = TimeSpan.FromDays(3650);

    /// <param name="deployment">What is wished.</param>
    /// <param name="jobs">Its jobs.</param>
    /// <param name="prices">Of its market.</param>
    /// <param name="there">What its vault holds; other deployments of the same vault take from it, too.</param>
    /// <param name="now">The time.</param>
    public static Forecast Of(Deployment deployment, IReadOnlyList<DeploymentJob> jobs, Prices prices, Funds there, DateTimeOffset now)
    {
        DeploymentJob[] wanted = [.. jobs.Where(job => job.IsWanted)];
        if (!deployment.Status.IsLive() || deployment.Timeout <= TimeSpan.Zero) return new Forecast(default, null);
        double jobsPerHour = JobsPerHour(deployment, now);
        double fees = jobsPerHour * (prices.FeePerSignature * SignaturesOfJob + prices.PriorityFee * 2d);
        double nos = prices.NosPerSecond * 3600d * deployment.Strategy switch
        {
            // Nothing is listed again; what runs is paid already.
            DeploymentStrategy.Simple => 0,
            DeploymentStrategy.SimpleExtend => wanted.Length,
            DeploymentStrategy.Scheduled => jobsPerHour * deployment.Timeout.TotalHours,
            _ => deployment.Replicas,
        };
        if (deployment.Strategy == DeploymentStrategy.SimpleExtend)
            fees = wanted.Length / deployment.Timeout.TotalHours * (prices.FeePerSignature + (double)prices.PriorityFee);
        var burn = new Funds((UInt128)Math.Ceiling(nos), (UInt128)Math.Ceiling(fees));
        double hours = Math.Min(HoursOf(there.Nos, nos), HoursOf(there.Sol, fees));
        if (hours >= s_longest.TotalHours) return new Forecast(burn, null);
        // What is on chain is paid until then; the vault pays after it.
        DateTimeOffset paidUntil = deployment.Strategy == DeploymentStrategy.Scheduled
            ? deployment.NextTick ?? now
            : wanted.Select(job => job.Deadline ?? now + job.Timeout).DefaultIfEmpty(now).Min();
        return new Forecast(burn, (paidUntil > now ? paidUntil : now).AddHours(hours));
    }

    /// <summary>How long the vault can pay; null as with <see cref="Until"/>.</summary>
    public TimeSpan? TimeLeft(DateTimeOffset now) => Until - now is { } left ? left > TimeSpan.Zero ? left : TimeSpan.Zero : null;

    /// <summary>Micro-NOS that a deployment's jobs have cost so far: the seconds that each ran, at the price that it was listed at.</summary>
    public static UInt128 CostSoFar(IEnumerable<DeploymentJob> jobs, DateTimeOffset now)
    {
        UInt128 cost = 0;
        foreach (DeploymentJob job in jobs)
        {
            if (job.StartedAt is not { } start || job.Reason == EndReason.Quit) continue;
            double seconds = Math.Clamp(((job.EndedAt ?? now) - start).TotalSeconds, 0, job.Timeout.TotalSeconds);
            cost += (UInt128)job.Price * (UInt128)seconds;
        }
        return cost;
    }

    private static double JobsPerHour(Deployment deployment, DateTimeOffset now) => deployment.Strategy switch
    {
        DeploymentStrategy.Infinite => deployment.Replicas / Math.Max((deployment.Timeout - deployment.Rotation).TotalHours, 1d / 60),
        DeploymentStrategy.Scheduled => deployment.Replicas * TicksPerHour(deployment.Schedule!, now),
        _ => 0,
    };

    // Over the next ticks: a schedule may have them close together at one time of the week, and none at another.
    private static double TicksPerHour(DeploymentSchedule settings, DateTimeOffset now)
    {
        const int most = 200;
        CronSchedule schedule = CronSchedule.Parse(settings.Expression, settings.TimeZone, now);
        DateTimeOffset end = now.AddDays(28);
        DateTimeOffset? tick = now;
        int ticks = 0;
        while (ticks < most && schedule.Next(tick.Value) is { } next && next <= end)
        {
            tick = next;
            ticks++;
        }
        if (ticks == 0) return schedule.Next(now) is { } only ? 1 / (only - now).TotalHours : 0;
        return ticks / ((ticks == most ? tick.Value : end) - now).TotalHours;
    }

    private static double HoursOf(UInt128 amount, double burn) => burn > 0 ? (double)amount / burn : double.PositiveInfinity;
}
