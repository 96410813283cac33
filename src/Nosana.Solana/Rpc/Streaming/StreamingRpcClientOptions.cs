using Nosana.Solana.Rpc.Models;

namespace Nosana.Solana.Rpc.Streaming;

/// <summary>Where to subscribe and when to give a connection up.</summary>
public sealed record StreamingRpcClientOptions
{
    /// <summary>ws or wss; <see cref="StreamingEndpoint.Derive"/> makes it from the RPC URL.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Nodes that stand in, in order: the next one is tried when a connection was of no use.</summary>
    public IReadOnlyList<Uri> Fallbacks { get; init; } = [];

    public Commitment Commitment { get; init; } = Commitment.Confirmed;

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A connection that brings no slot for this long is dead, whatever TCP says. A slot comes every 0.4 s.</summary>
    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>First wait before reconnecting; it doubles, less a random half.</summary>
    public TimeSpan BackoffBase { get; init; } = TimeSpan.FromMilliseconds(250);

    public TimeSpan BackoffCap { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Events kept for a slow reader; then the oldest go and the reader is told (<see cref="StreamEventKind.Overflow"/>).</summary>
    public int Capacity { get; init; } = 1024;

    /// <summary>Longest message accepted, in bytes. An account has at most 10 MiB, a third more in base64.</summary>
    public int MaxMessageBytes { get; init; } = 16 << 20;
}
