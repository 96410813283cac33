using System.Text.Json.Serialization;

namespace Nosana.Solana.Rpc.Models;

/// <summary>A transaction that touched an address, newest first in lists.</summary>
/// <param name="BlockTime">Unix seconds.</param>
public sealed record SignatureInfo(string Signature, ulong Slot, [property: JsonPropertyName("err")] TransactionError? Error = null, long? BlockTime = null, Commitment? ConfirmationStatus = null, string? Memo = null);
