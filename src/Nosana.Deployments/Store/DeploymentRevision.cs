namespace Nosana.Deployments.Store;

/// <summary>A definition of a deployment. It never changes.</summary>
public sealed record DeploymentRevision
{
    public required string Deployment { get; init; }

    /// <summary>From 1; unique with the deployment.</summary>
    public required int Revision { get; init; }

    /// <summary>JSON, as it is given to the host.</summary>
    public required string Definition { get; init; }

    /// <summary>Where it is pinned; null while it is not, and for a confidential one for good.</summary>
    public string? Cid { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
