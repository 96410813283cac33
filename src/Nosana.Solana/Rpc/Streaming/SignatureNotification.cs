using System.Text.Json.Serialization;
using Nosana.Solana.Rpc.Models;

namespace Nosana.Solana.Rpc.Streaming;

/// <summary>A transaction has reached the commitment asked for.</summary>
/// <param name="Error">Null when it succeeded.</param>
public sealed record SignatureNotification([property: JsonPropertyName("err")] TransactionError? Error = null);
