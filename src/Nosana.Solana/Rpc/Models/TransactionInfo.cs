using System.Text.Json.Serialization;
using Nosana.Solana.Rpc.Json;

namespace Nosana.Solana.Rpc.Models;

/// <summary>A transaction that landed.</summary>
/// <param name="BlockTime">Unix seconds.</param>
/// <param name="Transaction">The wire bytes; <see cref="Models.Transaction.Deserialize"/> reads them.</param>
public sealed record TransactionInfo(
    ulong Slot, [property: JsonConverter(typeof(EncodedBytesConverter))] byte[] Transaction, TransactionMeta? Meta = null, long? BlockTime = null);

/// <summary>The effect of a transaction that landed.</summary>
/// <param name="Error">Null when it succeeded.</param>
/// <param name="Fee">Lamports.</param>
/// <param name="PreBalances">Lamports of each account before, in the order of the message's keys (loaded ones last).</param>
/// <param name="PostBalances">Lamports after.</param>
public sealed record TransactionMeta(
    ulong Fee,
    IReadOnlyList<ulong> PreBalances,
    IReadOnlyList<ulong> PostBalances,
    [property: JsonPropertyName("err")] TransactionError? Error = null,
    IReadOnlyList<string>? LogMessages = null,
    ulong? ComputeUnitsConsumed = null,
    IReadOnlyList<TokenBalanceInfo>? PreTokenBalances = null,
    IReadOnlyList<TokenBalanceInfo>? PostTokenBalances = null);
