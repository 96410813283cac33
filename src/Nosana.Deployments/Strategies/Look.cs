using Nosana.Deployments.Model;

namespace Nosana.Deployments.Strategies;

/// <summary>A deployment and its jobs at one time.</summary>
internal sealed class Look(Deployment deployment, IReadOnlyList<DeploymentJob> jobs, DateTimeOffset now)
{
    public Deployment Deployment { get; } = deployment;

    public IReadOnlyList<DeploymentJob> Jobs { get; } = jobs;

    public DateTimeOffset Now { get; } = now;

    /// <summary>Jobs of this start and of the active revision.</summary>
    public IEnumerable<DeploymentJob> Own => Jobs.Where(job => job.Run == Deployment.Run && job.Revision == Deployment.ActiveRevision);

    /// <summary>Of them, those that count as replicas.</summary>
    public IReadOnlyList<DeploymentJob> Wanted => [.. Own.Where(job => job.IsWanted)];

    /// <summary>Active jobs of another revision, or of an earlier start, that nobody has stopped yet.</summary>
    public IEnumerable<PlanStep> StopOthers() => Jobs
        .Where(job => job.IsWanted && (job.Run != Deployment.Run || job.Revision != Deployment.ActiveRevision))
        .Select(job => new PlanStep.Stop(job.Job, StopCause.OtherRevision));

    public IReadOnlyList<PlanStep> StopAll(StopCause cause) => [.. Jobs.Where(job => job.IsWanted).Select(job => new PlanStep.Stop(job.Job, cause))];

    /// <summary>So many jobs fewer: those that nobody has first, then those that were listed first.</summary>
    public static IEnumerable<PlanStep> StopSome(IEnumerable<DeploymentJob> from, int count, StopCause cause) => from
        .OrderBy(job => job.State == JobState.Running)
        .ThenBy(job => job.ListedAt)
        .ThenBy(job => job.Job, StringComparer.Ordinal)
        .Take(Math.Max(0, count))
        .Select(job => new PlanStep.Stop(job.Job, cause));

    public IEnumerable<PlanStep> List(int count, DateTimeOffset? tick = null) =>
        Enumerable.Repeat(new PlanStep.List(Deployment.ActiveRevision, Deployment.Run, tick), Math.Max(0, count));

    public static DateTimeOffset? Earliest(params IEnumerable<DateTimeOffset?> times) => times.Min();
}
