using System.Text.Json;
using System.Text.Json.Serialization;
using Nosana.Solana.Rpc.Models;

namespace Nosana.Solana.Rpc.Json;

/// <summary>A commitment in JSON: its lower-case name.</summary>
internal sealed class CommitmentConverter : JsonConverter<Commitment>
{
    public override Commitment Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString() switch
    {
        "processed" => Commitment.Processed,
        "confirmed" => Commitment.Confirmed,
        "finalized" => Commitment.Finalized,
        string other => throw new JsonException($"'{other}' is not a commitment."),
        null => throw new JsonException("A commitment is missing."),
    };

    public override void Write(Utf8JsonWriter writer, Commitment value, JsonSerializerOptions options) => writer.WriteStringValue(NameOf(value));

    public static string NameOf(Commitment value) => value switch
    {
        Commitment.Processed => "processed",
        Commitment.Confirmed => "confirmed",
        Commitment.Finalized => "finalized",
        _ => throw new ArgumentOutOfRangeException(nameof(value)),
    };
}
