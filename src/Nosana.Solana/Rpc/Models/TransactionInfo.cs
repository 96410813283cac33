using System.Text.Json.Serialization;
using Nosana.Solana.Rpc.Json;

namespace Nosana.Solana.Rpc.Models;

/// <summary>A transaction that landed.</summary>
/// <param name="BlockTime">Unix seconds.</param>
/// <param name="Transaction">The wire bytes; <see cref="Models.Transaction.Deserialize"/> reads them.</param>
public sealed record TransactionInfo(ulong Slot, [property: JsonConverter(typeof(EncodedBytesConverter))] byte[] Transaction, TransactionMeta? Meta = null, long? BlockTime = null);
