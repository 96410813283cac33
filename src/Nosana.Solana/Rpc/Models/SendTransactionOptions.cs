namespace Nosana.Solana.Rpc.Models;

/// <summary>How a node handles a transaction that it is sent.</summary>
public sealed record SendTransactionOptions
{
    /// <summary>Do not simulate before forwarding.</summary>
    public bool SkipPreflight { get; init; }

    /// <summary>Commitment of the simulation; the client's own when null.</summary>
    public Commitment? PreflightCommitment { get; init; }

    /// <summary>How often the node itself forwards again; the node's default when null.</summary>
    public uint? MaxRetries { get; init; }

    /// <summary>One attempt only: after a transport error the caller must know that the bytes may have been forwarded.</summary>
    public bool SingleAttempt { get; init; }

    /// <summary>The simulation is not made on an older state than this.</summary>
    public ulong? MinContextSlot { get; init; }
}
