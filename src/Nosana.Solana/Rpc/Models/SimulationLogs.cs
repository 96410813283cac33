using System.Text.Json.Serialization;

namespace Nosana.Solana.Rpc.Models;

/// <summary>What a simulated transaction did.</summary>
/// <param name="Error">Null when it would succeed.</param>
/// <param name="Logs">The programs' log lines.</param>
/// <param name="UnitsConsumed">Compute units used.</param>
public sealed record SimulationLogs([property: JsonPropertyName("err")] TransactionError? Error = null, IReadOnlyList<string>? Logs = null, ulong? UnitsConsumed = null);
