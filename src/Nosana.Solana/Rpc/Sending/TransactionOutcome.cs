using Nosana.Solana.Rpc.Models;

namespace Nosana.Solana.Rpc.Sending;

/// <summary>How a transaction ended. One of three; each is final.</summary>
public abstract record TransactionOutcome
{
    private TransactionOutcome()
    {
    }

    /// <summary>It landed and succeeded.</summary>
    public sealed record Confirmed(string Signature, ulong Slot) : TransactionOutcome;

    /// <summary>It failed and changed nothing, but for the fee where it landed.</summary>
    /// <param name="Signature">Null when its simulation failed before it was signed.</param>
    /// <param name="Error">Null when the node gave only a text.</param>
    /// <param name="Logs">The programs' log lines; empty when the node gave none.</param>
    /// <param name="Landed">Whether it is on chain (and cost its fee).</param>
    public sealed record Failed(string? Signature, TransactionError? Error, string Message, IReadOnlyList<string> Logs, bool Landed) : TransactionOutcome;

    /// <summary>Its blockhash expired and it is not on chain: it never will be, and building another one is safe.</summary>
    public sealed record Expired(string Signature) : TransactionOutcome;
}
