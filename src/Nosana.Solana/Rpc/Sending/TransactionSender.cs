using Microsoft.Extensions.Logging;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Sending;

/// <inheritdoc cref="ITransactionSender"/>
public sealed class TransactionSender : ITransactionSender, IDisposable
{
    private readonly IRpcClient _rpc;
    private readonly TransactionSenderOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly BlockhashCache _blockhashes;
    private readonly ComputeBudgetPlanner? _budget;

    public TransactionSender(IRpcClient rpc, ILogger<TransactionSender> logger, TransactionSenderOptions? options = null, TimeProvider? time = null)
    {
        _rpc = rpc;
        _options = options ?? new TransactionSenderOptions();
        _time = time ?? TimeProvider.System;
        _logger = logger;
        _blockhashes = new BlockhashCache(rpc, _options.Commitment, _options.BlockhashMaxAge, _time);
        _budget = _options.ComputeBudget is { } budget ? new ComputeBudgetPlanner(rpc, budget, _options.Version, _options.Commitment, _time) : null;
    }

    public async Task<TransactionOutcome> SendAsync(
        IReadOnlyList<TransactionInstruction> instructions,
        IReadOnlyList<Account> signers,
        Func<PreparedTransaction, CancellationToken, ValueTask>? beforeSend = null,
        CancellationToken cancellationToken = default)
    {
        (PreparedTransaction? prepared, TransactionOutcome.Failed? refused) = await PrepareAsync(instructions, signers, cancellationToken);
        if (prepared is null) return refused!;
        if (beforeSend is not null) await beforeSend(prepared, cancellationToken);
        return await new TransactionTracker(_rpc, _options, _time, _logger, prepared, sentBefore: false).RunAsync(cancellationToken);
    }

    public async Task<(PreparedTransaction? Prepared, TransactionOutcome.Failed? Refused)> PrepareAsync(
        IReadOnlyList<TransactionInstruction> instructions, IReadOnlyList<Account> signers, CancellationToken cancellationToken = default)
    {
        if (signers.Count == 0) throw new ArgumentException("The fee payer must sign.", nameof(signers));
        if (_budget is not null)
        {
            ulong price = await _budget.PriceAsync(cancellationToken);
            uint? limit = null;
            if (_options.ComputeBudget!.LimitFromSimulation)
            {
                string blockhash = (await _blockhashes.GetAsync(cancellationToken)).Blockhash;
                SimulationLogs? simulated = await _budget.SimulateAsync(
                    signers[0].PublicKey, instructions, price, blockhash, _options.MinContextSlot?.Invoke(), cancellationToken);
                if (simulated?.Error is { } error && error.Type != TransactionError.BlockhashNotFound)
                {
                    string message = $"The transaction would fail: {error}";
                    return (null, new TransactionOutcome.Failed(Signature: null, error, message, simulated.Logs ?? [], Landed: false));
                }
                limit = _budget.Limit(simulated?.UnitsConsumed);
            }
            instructions = [.. ComputeBudgetPlanner.Instructions(limit, price), .. instructions];
        }
        return (await SignAsync(instructions, signers, cancellationToken), null);
    }

    public Task<TransactionOutcome> ResumeAsync(
        string signature, ulong lastValidBlockHeight, ReadOnlyMemory<byte> wireBytes = default, CancellationToken cancellationToken = default) =>
        new TransactionTracker(_rpc, _options, _time, _logger, new PreparedTransaction(signature, lastValidBlockHeight, wireBytes), sentBefore: true)
            .RunAsync(cancellationToken);

    public void Dispose() => _blockhashes.Dispose();

    private async Task<PreparedTransaction> SignAsync(
        IReadOnlyList<TransactionInstruction> instructions, IReadOnlyList<Account> signers, CancellationToken cancellationToken)
    {
        LatestBlockHash latest = await _blockhashes.GetAsync(cancellationToken);
        while (true)
        {
            var transaction = new Transaction(Message.Compile(signers[0].PublicKey, instructions, latest.Blockhash, _options.Version));
            transaction.Sign(signers);
            if (_blockhashes.TryClaim(transaction.Signature))
                return new PreparedTransaction(transaction.Signature, latest.LastValidBlockHeight, transaction.Serialize());
            latest = await _blockhashes.GetOtherThanAsync(latest.Blockhash, cancellationToken);
        }
    }
}
