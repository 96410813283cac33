using Nosana.Deployments.Model;

namespace Nosana.Deployments.Store;

/// <summary>Both ends belong to it; null is open.</summary>
public readonly record struct TimeRange(DateTimeOffset? After, DateTimeOffset? Before);

/// <summary>What is not null must hold; of several words, one.</summary>
public sealed record DeploymentFilter
{
    public string? Owner { get; init; }

    /// <summary>Part of the id or the name, in capitals or not.</summary>
    public string? Search { get; init; }

    public IReadOnlyList<string>? Ids { get; init; }

    public IReadOnlyList<string>? Names { get; init; }

    public IReadOnlyList<DeploymentStatus>? Statuses { get; init; }

    public IReadOnlyList<DeploymentStrategy>? Strategies { get; init; }

    public IReadOnlyList<string>? Vaults { get; init; }

    public string? IdempotencyKey { get; init; }

    public TimeRange Created { get; init; }
}

/// <summary>Of one deployment's jobs.</summary>
public sealed record JobFilter(string Deployment)
{
    public IReadOnlyList<string>? Jobs { get; init; }

    public IReadOnlyList<JobState>? States { get; init; }

    public IReadOnlyList<int>? Revisions { get; init; }

    public TimeRange Created { get; init; }
}

/// <summary>Of one deployment's definitions.</summary>
public sealed record RevisionFilter(string Deployment)
{
    public IReadOnlyList<int>? Revisions { get; init; }

    public TimeRange Created { get; init; }
}

/// <summary>Of one deployment's events.</summary>
public sealed record EventFilter(string Deployment)
{
    public IReadOnlyList<string>? Categories { get; init; }

    public IReadOnlyList<string>? Types { get; init; }

    public TimeRange Created { get; init; }
}

/// <summary>Of what is yet to be done on chain for one deployment.</summary>
public sealed record TargetFilter(string Deployment)
{
    public IReadOnlyList<TargetKind>? Kinds { get; init; }

    public TimeRange Due { get; init; }
}
