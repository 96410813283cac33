using System.Text.Json.Serialization;
using Nosana.Solana.Rpc.Json;

namespace Nosana.Solana.Rpc.Models;

/// <summary>Why a transaction failed, as the runtime names it.</summary>
/// <param name="Type">The runtime's name, e.g. <c>BlockhashNotFound</c>, <c>AlreadyProcessed</c>, <c>InstructionError</c>.</param>
/// <param name="InstructionError">Set when <paramref name="Type"/> is <c>InstructionError</c>.</param>
/// <param name="Raw">The JSON as received.</param>
[JsonConverter(typeof(TransactionErrorConverter))]
public sealed record TransactionError(string Type, InstructionError? InstructionError, string Raw)
{
    public const string AlreadyProcessed = "AlreadyProcessed";
    public const string BlockhashNotFound = "BlockhashNotFound";

    public override string ToString() => InstructionError?.ToString() ?? Raw.Trim('"');
}
