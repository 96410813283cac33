using System.Text.Json.Serialization;
using Nosana.Solana.Rpc.Models;

namespace Nosana.Solana.Rpc.Streaming;

/// <summary>A slot that a node has processed.</summary>
public sealed record SlotInfo(ulong Slot, ulong Parent, ulong Root);

/// <summary>A transaction has reached the commitment asked for.</summary>
/// <param name="Error">Null when it succeeded.</param>
public sealed record SignatureNotification([property: JsonPropertyName("err")] TransactionError? Error = null);
