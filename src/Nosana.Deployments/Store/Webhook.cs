namespace Nosana.Deployments.Store;

/// <summary>Where an owner wishes to be told of his deployments' events.</summary>
public sealed record Webhook
{
    public required string Id { get; init; }

    public required string Owner { get; init; }

    public required string Url { get; init; }

    /// <summary>What signs the messages; encrypted.</summary>
    public required string Secret { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
