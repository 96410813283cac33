using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Models;

/// <summary>How a node simulates a transaction.</summary>
public sealed record SimulateTransactionOptions
{
    /// <summary>Check the signatures; excludes <see cref="ReplaceRecentBlockhash"/>.</summary>
    public bool SigVerify { get; init; }

    /// <summary>Use the node's newest blockhash instead of the transaction's.</summary>
    public bool ReplaceRecentBlockhash { get; init; }

    /// <summary>Accounts whose state after the transaction is asked for.</summary>
    public IReadOnlyList<PublicKey>? Accounts { get; init; }

    public Commitment? Commitment { get; init; }

    /// <summary>The simulation is not made on an older state than this.</summary>
    public ulong? MinContextSlot { get; init; }
}
