namespace Nosana.Deployments.Store;

/// <summary>An event as it was written, in the transaction of what it tells.</summary>
public sealed record StoredEvent
{
    /// <summary>Grows; of one deployment in the order in which its writes were made.</summary>
    public long Id { get; init; }

    public required string Deployment { get; init; }

    public required string Category { get; init; }

    public required string Type { get; init; }

    public required string Message { get; init; }

    public string? Tx { get; init; }

    public string? Actor { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whoever is told of events (webhooks) has been.</summary>
    public bool IsDelivered { get; init; }
}
