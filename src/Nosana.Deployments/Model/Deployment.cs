namespace Nosana.Deployments.Model;

/// <summary>What is wished, and what has been made of it so far.</summary>
public sealed record Deployment
{
    public required string Id { get; init; }

    public required DeploymentStatus Status { get; init; }

    public required DeploymentStrategy Strategy { get; init; }

    public required int Replicas { get; init; }

    /// <summary>Of each job.</summary>
    public required TimeSpan Timeout { get; init; }

    public int ActiveRevision { get; init; } = 1;

    /// <summary>SCHEDULED alone.</summary>
    public DeploymentSchedule? Schedule { get; init; }

    /// <summary>INFINITE alone: so long before its end a job's replacement is listed.</summary>
    public TimeSpan Rotation { get; init; } = DefaultRotation;

    /// <summary>Counts its starts: what belongs to an earlier one is none of this one's.</summary>
    public int Run { get; init; }

    /// <summary>SIMPLE and SIMPLE-EXTEND: what is to have been listed in all. Null until this run has begun.</summary>
    public ListingQuota? Quota { get; init; }

    /// <summary>SCHEDULED: the tick that comes next.</summary>
    public DateTimeOffset? NextTick { get; init; }

    public RapidRounds Rapid { get; init; } = RapidRounds.None;

    public static TimeSpan DefaultRotation { get; } = TimeSpan.FromMinutes(20);
}

/// <summary>How many jobs of a revision are to have been listed in a run: those that ended by themselves are not replaced.</summary>
public sealed record ListingQuota(int Run, int Revision, int Jobs);

/// <summary>Rounds in which jobs ended at once.</summary>
/// <param name="Streak">How many there were, one after the other.</param>
/// <param name="Until">No job is listed before.</param>
/// <param name="Judged">So many jobs of this start had ended when it was looked at last. The chain's times are whole seconds: they tell too little.</param>
public sealed record RapidRounds(int Streak, DateTimeOffset? Until, int Judged)
{
    /// <summary>At a start.</summary>
    public static RapidRounds None { get; } = new(0, null, 0);
}
