using System.Diagnostics.CodeAnalysis;
using Nosana.Node.Journal;
using Nosana.Programs.Errors;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Rpc.Sending;
using Nosana.Solana.Wallet;

namespace Nosana.Node.Chain;

/// <summary>
/// Sends the host's transactions so that no intent has two effects: what was sent for an intent before is settled first,
/// and every transaction is journaled before its first byte leaves.
/// </summary>
/// <param name="sender">Of the network.</param>
/// <param name="journal">Of the host.</param>
/// <param name="logger">Of the host.</param>
/// <param name="slots">Told of the slot that a transaction landed in, before which nothing is read afterwards; null for none.</param>
internal sealed partial class TransactionOutbox(
    ITransactionSender sender, JournalStore journal, ILogger<TransactionOutbox> logger, SlotMemory? slots = null)
{
    /// <param name="intent">What it is for, the same text at every try: <c>finish:RUN</c>.</param>
    /// <param name="signers">The first one pays the fee.</param>
    /// <param name="evenUnjournaled">
    /// It is sent also when the journal's disk takes nothing. For what the chain itself takes only once, and is asked about before: the end of a run, a
    /// place in the queue that is given up.
    /// </param>
    /// <returns>True when it landed; false when an earlier transaction of the same intent had landed already and nothing was sent.</returns>
    /// <exception cref="TransactionRefusedException">A program or the runtime refused it; nothing changed.</exception>
    /// <exception cref="TransactionExpiredException">It did not land in time; trying again is safe.</exception>
    public async Task<bool> SendAsync(string intent, IReadOnlyList<TransactionInstruction> instructions, IReadOnlyList<Account> signers,
        CancellationToken cancel, bool evenUnjournaled = false)
    {
        if (await SettleAsync(intent, cancel)) return false;
        SentTransaction? sent = null;
        TransactionOutcome outcome = await sender.SendAsync(instructions, signers, (prepared, _) =>
        {
            sent = new SentTransaction(prepared.Signature, intent, prepared.LastValidBlockHeight, "sent");
            if (!Save(sent, out JournalFullException? full) && !evenUnjournaled) throw full;
            return ValueTask.CompletedTask;
        }, cancel);
        if (sent is not null) Save(sent with { State = Word(outcome) }, out _);
        Saw(outcome);
        switch (outcome)
        {
            case TransactionOutcome.Confirmed confirmed:
                LogLanded(intent, confirmed.Signature);
                return true;
            case TransactionOutcome.Failed failed:
                throw new TransactionRefusedException(intent, ProgramError.FromLogs(failed.Logs), failed.Error?.ToString() ?? failed.Message);
            default:
                throw new TransactionExpiredException(intent);
        }
    }

    /// <summary>Finds out what became of what was sent for an intent before, up to the first that landed.</summary>
    /// <returns>Whether one did; what was sent after it is open still.</returns>
    public async Task<bool> SettleAsync(string intent, CancellationToken cancel)
    {
        foreach (SentTransaction earlier in journal.UnsettledTransactions(intent))
            if (await SettleAsync(earlier, cancel)) return true;
        return false;
    }

    /// <summary>
    /// Finds out what became of all that was sent for an intent of any key (<c>work:MARKET#KEY</c>), as an agent of before left it. What landed counts
    /// for no other key.
    /// </summary>
    /// <returns>Whether any landed.</returns>
    public async Task<bool> SettleKeysAsync(string intent, CancellationToken cancel)
    {
        bool landed = false;
        foreach (SentTransaction earlier in journal.UnsettledTransactionsOfKeys(intent)) landed |= await SettleAsync(earlier, cancel);
        return landed;
    }

    /// <summary>Sends one that is signed already, by others too.</summary>
    /// <param name="lastValidBlockHeight">After this height it can no longer land.</param>
    public async Task<TransactionOutcome> SendSignedAsync(string intent, Transaction transaction, ulong lastValidBlockHeight, CancellationToken cancel)
    {
        var sent = new SentTransaction(transaction.Signature, intent, lastValidBlockHeight, "sent");
        journal.SaveTransaction(sent);
        TransactionOutcome outcome = await sender.ResumeAsync(transaction.Signature, lastValidBlockHeight, transaction.Serialize(), cancel);
        Save(sent with { State = Word(outcome) }, out _);
        Saw(outcome);
        return outcome;
    }

    /// <returns>Whether it landed.</returns>
    private async Task<bool> SettleAsync(SentTransaction earlier, CancellationToken cancel)
    {
        TransactionOutcome fate = await sender.ResumeAsync(earlier.Signature, earlier.LastValidBlockHeight, cancellationToken: cancel);
        Save(earlier with { State = Word(fate) }, out _);
        Saw(fate);
        LogSettled(earlier.Intent, earlier.Signature, Word(fate));
        return fate is TransactionOutcome.Confirmed;
    }

    /// <summary>What became of a transaction that is not kept is asked of the chain again.</summary>
    private bool Save(SentTransaction transaction, [NotNullWhen(false)] out JournalFullException? full)
    {
        try
        {
            journal.SaveTransaction(transaction);
            full = null;
            return true;
        }
        catch (JournalFullException e)
        {
            LogNotKept(transaction.Intent, transaction.State, e.Message);
            full = e;
            return false;
        }
    }

    private void Saw(TransactionOutcome outcome)
    {
        if (outcome is TransactionOutcome.Confirmed landed) slots?.Saw(landed.Slot);
    }

    private static string Word(TransactionOutcome outcome) => outcome switch
    {
        TransactionOutcome.Confirmed => "confirmed",
        TransactionOutcome.Failed => "failed",
        _ => "expired",
    };

    [LoggerMessage(420, LogLevel.Debug, "{Intent}: landed as {Signature}")]
    private partial void LogLanded(string intent, string signature);

    [LoggerMessage(422, LogLevel.Warning, "{Intent}: that the transaction is {State} is not kept: {Problem}")]
    private partial void LogNotKept(string intent, string state, string problem);

    [LoggerMessage(421, LogLevel.Information, "{Intent}: the transaction {Signature} sent earlier is {Fate}")]
    private partial void LogSettled(string intent, string signature, string fate);
}

/// <summary>The chain refused a transaction; nothing changed but perhaps its fee.</summary>
internal sealed class TransactionRefusedException(string intent, ProgramError? error, string message)
    : Exception($"The chain refused '{intent}': {error?.ToString() ?? message}")
{
    /// <summary>The program's error by name; null when the runtime refused it.</summary>
    public ProgramError? Error { get; } = error;
}

/// <summary>A transaction did not land before its blockhash expired: it never will, and another may be sent.</summary>
internal sealed class TransactionExpiredException(string intent) : Exception(
    $"'{intent}' did not land before its blockhash expired. The network may be busy; it is tried again.");
