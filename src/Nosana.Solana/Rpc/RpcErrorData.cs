using System.Text.Json.Serialization;
using Nosana.Solana.Rpc.Models;

namespace Nosana.Solana.Rpc;

/// <summary>What a node adds to an error: the outcome of a preflight simulation, or how far it is behind.</summary>
public sealed record RpcErrorData([property: JsonPropertyName("err")] TransactionError? Error = null, IReadOnlyList<string>? Logs = null, ulong? UnitsConsumed = null, ulong? NumSlotsBehind = null);
