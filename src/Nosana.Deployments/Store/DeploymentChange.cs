using Nosana.Deployments.Model;

namespace Nosana.Deployments.Store;

/// <summary>What is written of a deployment at once, or not at all.</summary>
/// <param name="Deployment">As it is to be, with the version that it was read at and its next due time.</param>
public sealed record DeploymentChange(Deployment Deployment)
{
    /// <summary>Another definition; its number is worked out as it is written, see <see cref="DeploymentStore.AddRevisionAsync"/>.</summary>
    internal DeploymentRevision? NewRevision { get; init; }

    public IReadOnlyList<DeploymentJob> NewJobs { get; init; } = [];

    public IReadOnlyList<DeploymentJob> ChangedJobs { get; init; } = [];

    /// <summary>One that was there before, and is done or dropped, is taken up again; one that is open is refused, with all of the change.</summary>
    public IReadOnlyList<ChainTarget> NewTargets { get; init; } = [];

    public IReadOnlyList<ChainTarget> ChangedTargets { get; init; } = [];

    public IReadOnlyList<ChainTransaction> NewTransactions { get; init; } = [];

    public IReadOnlyList<ChainTransaction> ChangedTransactions { get; init; } = [];

    public IReadOnlyList<DeploymentEvent> Events { get; init; } = [];

    internal bool IsMoreThanTheDeployment => NewRevision is not null
        || NewJobs.Count + ChangedJobs.Count + NewTargets.Count + ChangedTargets.Count + NewTransactions.Count + ChangedTransactions.Count + Events.Count > 0;

    /// <summary>It is a change that the owner made: <see cref="Deployment.UpdatedAt"/> moves.</summary>
    public bool IsOwners { get; init; }
}

/// <summary>A deployment with all that is needed to work out what is next for it, read at one instant.</summary>
/// <param name="Deployment">With its version.</param>
/// <param name="Jobs">Those that are active, and those of its present run.</param>
/// <param name="Targets">Those that are neither confirmed nor dropped.</param>
/// <param name="Transactions">Those that may still land.</param>
public sealed record DeploymentSnapshot(
    Deployment Deployment, IReadOnlyList<DeploymentJob> Jobs, IReadOnlyList<ChainTarget> Targets, IReadOnlyList<ChainTransaction> Transactions);

/// <summary>A deployment that is to be looked at.</summary>
public sealed record DueDeployment(string Id, DateTimeOffset At);
