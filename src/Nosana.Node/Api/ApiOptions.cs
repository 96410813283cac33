namespace Nosana.Node.Api;

/// <summary>Where the node's API is and what it takes.</summary>
internal sealed record ApiOptions
{
    /// <summary>The official host's.</summary>
    public const int DefaultPort = 5001;

    /// <summary>On loopback, for this machine's people; the world comes through the ingress. 0 takes a free one.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>The API's name at the ingress: the host's address and the network's domain.</summary>
    public required string HostName { get; init; }

    /// <summary>Whether what changes something is taken in the bound form alone.</summary>
    public bool BoundOnly { get; init; }

    /// <summary>Streams of one job at once: logs, states, statistics.</summary>
    public int StreamsPerJob { get; init; } = 1_000;

    /// <summary>Streams in all.</summary>
    public int Streams { get; init; } = 4_000;

    /// <summary>Requests a second of one client, and how many it may have saved up.</summary>
    public int RequestRate { get; init; } = 50;

    /// <summary>Requests a second of all clients.</summary>
    public int TotalRequestRate { get; init; } = 2_000;

    /// <summary>The newest lines of an operation that a new subscriber gets before the live ones.</summary>
    public int TailEntries { get; init; } = 10_000;
}
