using System.Text.Json.Serialization;

namespace Nosana.Solana.Rpc.Models;

/// <summary>What a simulated transaction did.</summary>
/// <param name="Error">Null when it would succeed.</param>
/// <param name="Logs">The programs' log lines.</param>
/// <param name="UnitsConsumed">Compute units used.</param>
/// <param name="Accounts">The accounts asked for as they would be afterwards, null where one would not exist; null when none was asked for.</param>
public sealed record SimulationLogs(
    [property: JsonPropertyName("err")] TransactionError? Error = null,
    IReadOnlyList<string>? Logs = null,
    ulong? UnitsConsumed = null,
    IReadOnlyList<AccountInfo?>? Accounts = null);
