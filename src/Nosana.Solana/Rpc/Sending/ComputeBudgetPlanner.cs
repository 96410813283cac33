using Nosana.Solana.Programs;
using Nosana.Solana.Rpc.Models;
using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Sending;

/// <summary>Finds the price and the limit of a transaction.</summary>
internal sealed class ComputeBudgetPlanner(IRpcClient rpc, ComputeBudgetOptions options, MessageVersion version, Commitment commitment, TimeProvider time)
{
    private readonly Lock _lock = new();
    private ulong? _price;
    private long _readAt;

    /// <summary>Micro-lamports a compute unit: a percentile of recent prices between floor and cap; the floor when they cannot be read.</summary>
    public async Task<ulong> PriceAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_price is { } known && time.GetElapsedTime(_readAt) < options.PriceMaxAge) return known;
        }
        ulong price = options.PriceFloor;
        try
        {
            price = Price(await rpc.GetRecentPrioritizationFeesAsync(options.PriceAccounts, cancellationToken));
        }
        catch (Exception exception) when (exception is RpcException or RpcUnavailableException)
        {
            // The price is an offer, not a condition: the floor serves on a quiet chain, and not sending serves nobody.
        }
        lock (_lock)
        {
            _price = price;
            _readAt = time.GetTimestamp();
        }
        return price;
    }

    /// <summary>The simulation's outcome with the transaction's own instructions; null when the node cannot simulate.</summary>
    public async Task<SimulationLogs?> SimulateAsync(
        PublicKey feePayer, IReadOnlyList<TransactionInstruction> instructions, ulong price, string blockhash, ulong? minContextSlot,
        CancellationToken cancellationToken)
    {
        TransactionInstruction[] all = [.. Instructions(ComputeBudgetProgram.MaxComputeUnits, price), .. instructions];
        byte[] wireBytes = new Transaction(Message.Compile(feePayer, all, blockhash, version)).Serialize();
        try
        {
            var how = new SimulateTransactionOptions { ReplaceRecentBlockhash = true, Commitment = commitment, MinContextSlot = minContextSlot };
            return (await rpc.SimulateTransactionAsync(wireBytes, how, cancellationToken)).Value;
        }
        catch (RpcException)
        {
            // Some providers do not serve simulations; the runtime's default limit applies then.
            return null;
        }
    }

    /// <summary>The limit for a simulated use.</summary>
    public uint? Limit(ulong? unitsConsumed) =>
        unitsConsumed is > 0 and { } units ? (uint)Math.Min(ComputeBudgetProgram.MaxComputeUnits, Math.Ceiling(units * options.LimitFactor)) : null;

    public static IEnumerable<TransactionInstruction> Instructions(uint? limit, ulong price)
    {
        if (limit is { } units) yield return ComputeBudgetProgram.SetComputeUnitLimit(units);
        if (price > 0) yield return ComputeBudgetProgram.SetComputeUnitPrice(price);
    }

    private ulong Price(IReadOnlyList<PrioritizationFeeItem> recent)
    {
        if (recent.Count == 0) return options.PriceFloor;
        ulong[] sorted = [.. recent.Select(item => item.PrioritizationFee).Order()];
        int index = Math.Clamp(sorted.Length * options.PricePercentile / 100, 0, sorted.Length - 1);
        return Math.Clamp(sorted[index], options.PriceFloor, Math.Max(options.PriceFloor, options.PriceCap));
    }
}
