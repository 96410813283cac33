namespace Nosana.Ipfs.Http;

/// <summary>Where content is read, and how patiently.</summary>
public sealed record IpfsGatewayOptions
{
    /// <summary>Prefixes that an identifier is appended to (<c>https://host/ipfs/</c>), asked in this order. A missing last slash is added.</summary>
    public required IReadOnlyList<Uri> Gateways { get; init; }

    /// <summary>One request, from connecting to the last byte.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>All requests and pauses of one fetch: how long a silent gateway is waited for.</summary>
    public TimeSpan TotalTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The pause after the first round over the gateways; doubles with each, up to <see cref="MaxRetryDelay"/>.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan MaxRetryDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How many rounds a gateway may answer "not found": fresh content takes a moment to spread.</summary>
    public int NotFoundRounds { get; init; } = 3;
}
