using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Sending;

/// <summary>Brings one transaction to its end: landed, failed or expired. It never builds a second one for the same intent.</summary>
public interface ITransactionSender
{
    /// <summary>Builds, signs, announces, sends and resends the same bytes until the outcome is certain.</summary>
    /// <param name="instructions">Without compute-budget instructions; those are added as configured.</param>
    /// <param name="signers">The first one pays the fees.</param>
    /// <param name="beforeSend">Called once with the signed transaction before any byte leaves, e.g. to write a journal. If it throws, nothing is sent.</param>
    /// <param name="cancellationToken">Stops waiting, not the transaction: its outcome is then found with <see cref="ResumeAsync"/>.</param>
    /// <exception cref="RpcUnavailableException">No node answered for long; the outcome is unknown once <paramref name="beforeSend"/> has been
    /// called.</exception>
    Task<TransactionOutcome> SendAsync(
        IReadOnlyList<TransactionInstruction> instructions,
        IReadOnlyList<Account> signers,
        Func<PreparedTransaction, CancellationToken, ValueTask>? beforeSend = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Builds and signs, and sends nothing: for whoever writes several down together before any leaves. <see cref="ResumeAsync"/> sends it then.
    /// </summary>
    /// <returns>The signed transaction; or, where its simulation failed, why.</returns>
    Task<(PreparedTransaction? Prepared, TransactionOutcome.Failed? Refused)> PrepareAsync(
        IReadOnlyList<TransactionInstruction> instructions, IReadOnlyList<Account> signers, CancellationToken cancellationToken = default);

    /// <summary>Finds the outcome of a transaction sent earlier, e.g. before a crash.</summary>
    /// <param name="wireBytes">When given, the same bytes are sent again while they may still land.</param>
    Task<TransactionOutcome> ResumeAsync(
        string signature, ulong lastValidBlockHeight, ReadOnlyMemory<byte> wireBytes = default, CancellationToken cancellationToken = default);
}

/// <summary>A signed transaction that has not been sent yet: what a journal must hold to find out later what became of it.</summary>
/// <param name="Signature">Base58.</param>
/// <param name="LastValidBlockHeight">After this block height it cannot land any more.</param>
/// <param name="WireBytes">The signed bytes, at most 1,232.</param>
public sealed record PreparedTransaction(string Signature, ulong LastValidBlockHeight, ReadOnlyMemory<byte> WireBytes);
