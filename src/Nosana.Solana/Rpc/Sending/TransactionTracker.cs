using Microsoft.Extensions.Logging;
using Nosana.Solana.Rpc.Models;

namespace Nosana.Solana.Rpc.Sending;

/// <summary>
/// Follows one signed transaction to its end: sends it, sends the same bytes again, reads its status, and declares it expired only when
/// a node that has seen the chain pass its last valid block height does not know it.
/// </summary>
internal sealed partial class TransactionTracker(
    IRpcClient rpc, TransactionSenderOptions options, TimeProvider time, ILogger logger, PreparedTransaction transaction, bool sentBefore)
{
    private readonly SendTransactionOptions _firstSend = new() { PreflightCommitment = options.Commitment, MaxRetries = 0, SingleAttempt = true };

    // Whether a node may have the bytes. Until then a failed preflight is the end; from then on it says nothing, since the
    // transaction's own effect may be what makes it fail.
    private bool _mayBeOut = sentBefore;
    private long _reachedAt = time.GetTimestamp();

    public async Task<TransactionOutcome> RunAsync(CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        TimeSpan nextSend = TimeSpan.Zero;
        bool searchHistory = _mayBeOut;
        while (true)
        {
            try
            {
                bool sendNow = time.GetElapsedTime(started) >= nextSend;
                if (searchHistory && await SearchAsync(cancellationToken) is { } earlier) return earlier;
                searchHistory = false;
                if (sendNow)
                {
                    nextSend = time.GetElapsedTime(started) + options.ResendInterval;
                    if (!transaction.WireBytes.IsEmpty && await SendAsync(cancellationToken) is { } refused) return refused;
                }
                if (await LookAsync(checkHeight: sendNow, cancellationToken) is { } outcome) return outcome;
            }
            catch (RpcUnavailableException exception) when (time.GetElapsedTime(_reachedAt) < options.MaxUnreachable)
            {
                // Not knowing is not an outcome: the bytes may land, so the only right thing is to look again.
                LogUnreachable(logger, transaction.Signature, exception.Message);
            }
            TimeSpan pause = time.GetElapsedTime(started) < options.FastPollFor ? options.FastPollInterval : options.PollInterval;
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    private async Task<TransactionOutcome?> SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            SendTransactionOptions how = _firstSend with { SkipPreflight = _mayBeOut, MinContextSlot = options.MinContextSlot?.Invoke() };
            await rpc.SendTransactionAsync(transaction.WireBytes, how, cancellationToken);
            _mayBeOut = true;
        }
        catch (RpcUnavailableException exception)
        {
            _mayBeOut = true;
            LogUnreachable(logger, transaction.Signature, exception.Message);
        }
        catch (RpcException exception)
        {
            LogNotAccepted(logger, transaction.Signature, exception.Message);
            if (exception.TransactionError?.Type == TransactionError.AlreadyProcessed) _mayBeOut = true;
            // A node that is behind does not know a fresh blockhash yet.
            bool passing = exception.IsTransient || exception.TransactionError?.Type == TransactionError.BlockhashNotFound;
            if (!_mayBeOut && !passing)
                return new TransactionOutcome.Failed(transaction.Signature, exception.TransactionError, exception.Message, exception.Logs, Landed: false);
        }
        return null;
    }

    private async Task<TransactionOutcome?> LookAsync(bool checkHeight, CancellationToken cancellationToken)
    {
        SignatureStatusInfo? status = (await rpc.GetSignatureStatusesAsync(
            [transaction.Signature], minContextSlot: options.MinContextSlot?.Invoke(), cancellationToken: cancellationToken)).Value[0];
        _reachedAt = time.GetTimestamp();
        if (status is not null) return await SettledAsync(status, cancellationToken);
        if (!checkHeight || await rpc.GetBlockHeightAsync(options.Commitment, cancellationToken) <= transaction.LastValidBlockHeight) return null;
        return await SearchAsync(cancellationToken);
    }

    /// <summary>The last check: the whole history, answered by a node that is not behind the one that told the height.</summary>
    private async Task<TransactionOutcome?> SearchAsync(CancellationToken cancellationToken)
    {
        EpochInfo now = await rpc.GetEpochInfoAsync(options.Commitment, cancellationToken);
        ResponseValue<IReadOnlyList<SignatureStatusInfo?>> answer =
            await rpc.GetSignatureStatusesAsync(
                [transaction.Signature], searchTransactionHistory: true, options.MinContextSlot?.Invoke(), cancellationToken);
        _reachedAt = time.GetTimestamp();
        if (answer.Value[0] is { } status) return await SettledAsync(status, cancellationToken);
        bool expired = now.BlockHeight > transaction.LastValidBlockHeight && answer.Context.Slot >= now.AbsoluteSlot;
        return expired ? new TransactionOutcome.Expired(transaction.Signature) : null;
    }

    private async Task<TransactionOutcome?> SettledAsync(SignatureStatusInfo status, CancellationToken cancellationToken)
    {
        if (!status.IsAtLeast(options.Commitment)) return null;
        if (status.Error is not { } error) return new TransactionOutcome.Confirmed(transaction.Signature, status.Slot);
        return new TransactionOutcome.Failed(
            transaction.Signature, error, $"Transaction {transaction.Signature} failed on chain: {error}", await LogsAsync(cancellationToken), Landed: true);
    }

    private async Task<IReadOnlyList<string>> LogsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await rpc.GetTransactionAsync(transaction.Signature, options.Commitment, cancellationToken))?.Meta?.LogMessages ?? [];
        }
        catch (Exception exception) when (exception is RpcException or RpcUnavailableException)
        {
            // The outcome is certain; the logs only explain it.
            LogNoLogs(logger, transaction.Signature, exception.Message);
            return [];
        }
    }

    [LoggerMessage(EventId = 2010, Level = LogLevel.Warning, Message = "Transaction {Signature}: {Reason} Its outcome is not known yet; looking again")]
    private static partial void LogUnreachable(ILogger logger, string signature, string reason);

    [LoggerMessage(EventId = 2011, Level = LogLevel.Debug, Message = "Transaction {Signature} was not accepted: {Reason}")]
    private static partial void LogNotAccepted(ILogger logger, string signature, string reason);

    [LoggerMessage(EventId = 2012, Level = LogLevel.Debug, Message = "Transaction {Signature}: its logs could not be read: {Reason}")]
    private static partial void LogNoLogs(ILogger logger, string signature, string reason);
}
