namespace Nosana.Node.Exposure.Forwarding;

/// <summary>What the clients of one name may ask at once, so that those of one job leave room for the others'.</summary>
internal sealed record RouteLimits
{
    /// <summary>Requests and WebSockets under way. Half of what the listener takes in all.</summary>
    public int Connections { get; init; } = 8192;

    /// <summary>Requests a second, with a second's worth at once; far beyond what a model answers, short of what keeps this machine from its work.</summary>
    public double RequestsPerSecond { get; init; } = 20_000;

    /// <summary>Bytes of one request's body; null for no limit, since weights and videos are uploaded.</summary>
    public long? BodyBytes { get; init; }
}
