namespace Nosana.Deployments.Store;

/// <summary>A key of this manager's own API. The key itself is shown once and kept nowhere.</summary>
public sealed record ApiKeyRecord
{
    /// <summary>SHA-256 of the key, in lower-case hex: it is random enough not to be guessed.</summary>
    public required string Hash { get; init; }

    public required string Owner { get; init; }

    public string Name { get; init; } = "";

    /// <summary>Its first characters, to tell it from others.</summary>
    public required string Prefix { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>It is refused from then on; null never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
