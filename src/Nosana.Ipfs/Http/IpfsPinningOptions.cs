namespace Nosana.Ipfs.Http;

/// <summary>Where content is published, and as whom.</summary>
public sealed record IpfsPinningOptions
{
    /// <summary>The service's root, for instance <c>https://api.pinata.cloud</c>.</summary>
    public required Uri Api { get; init; }

    /// <summary>
    /// Sent as <c>Authorization: Bearer</c>; null sends none (a local service needs none). Each request takes the one of its moment: it may be changed while
    /// clients are at work.
    /// </summary>
    public string? Credential { get; set; }

    /// <summary>
    /// How long a request may stand still: while it connects, between two pieces of the document that the line takes, and until the whole answer.
    /// </summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Further attempts when the connection breaks before an answer. Pinning the same bytes twice is harmless.</summary>
    public int TransportRetries { get; init; } = 2;

    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);
}
