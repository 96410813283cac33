namespace Nosana.Deployments.Store;

/// <summary>Whether a port of a job can be reached.</summary>
public sealed record EndpointStatus
{
    public required string Job { get; init; }

    public required string OpId { get; init; }

    public required int Port { get; init; }

    public required string Deployment { get; init; }

    public required bool IsUp { get; init; }

    /// <summary>Why it is down.</summary>
    public string? Reason { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }
}
