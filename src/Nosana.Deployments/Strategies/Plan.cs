using Nosana.Deployments.Model;

namespace Nosana.Deployments.Strategies;

/// <summary>What is to be done for a deployment now, and when it is to be looked at again.</summary>
public sealed record Plan
{
    /// <summary>The deployment as it is to be written before anything else is done.</summary>
    public required Deployment Deployment { get; init; }

    public IReadOnlyList<PlanStep> Steps { get; init; } = [];

    public IReadOnlyList<DeploymentEvent> Events { get; init; } = [];

    /// <summary>Nothing changes by itself before; null when nothing ever does.</summary>
    public DateTimeOffset? LookAgainAt { get; init; }
}

/// <summary>Something to be done on chain. It is written down before it is sent.</summary>
public abstract record PlanStep
{
    /// <summary>A job is listed on the deployment's market.</summary>
    public sealed record List(int Revision, int Run, DateTimeOffset? Tick = null) : PlanStep;

    /// <summary>A job may run longer.</summary>
    /// <param name="Timeout">In all, from its start.</param>
    public sealed record Extend(string Job, TimeSpan Timeout) : PlanStep;

    /// <summary>A job is taken off the market, or ended.</summary>
    public sealed record Stop(string Job, StopCause Cause) : PlanStep;
}

/// <summary>Why a job is stopped.</summary>
public enum StopCause
{
    /// <summary>The deployment is.</summary>
    Stopping,

    /// <summary>There are more than replicas.</summary>
    TooMany,

    /// <summary>Its replacement runs.</summary>
    Rotated,

    /// <summary>Another revision is active.</summary>
    OtherRevision,

    /// <summary>The next tick of the schedule replaces it.</summary>
    Replaced,
}
