namespace Nosana.Deployments.Store;

/// <summary>What a host said of a job's end: the state of its flow, as JSON.</summary>
public sealed record JobResult
{
    public required string Job { get; init; }

    public required string Deployment { get; init; }

    public required string Body { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }
}
