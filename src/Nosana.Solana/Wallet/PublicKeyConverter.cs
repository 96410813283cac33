using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nosana.Solana.Wallet;

/// <summary>An address in JSON: its base58 text, also as a property name.</summary>
internal sealed class PublicKeyConverter : JsonConverter<PublicKey>
{
    public override PublicKey Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && PublicKey.TryParse(reader.GetString(), out PublicKey key)
            ? key
            : throw new JsonException("Not a Solana address.");

    public override void Write(Utf8JsonWriter writer, PublicKey value, JsonSerializerOptions options) => writer.WriteStringValue(value.Key);

    public override PublicKey ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        PublicKey.TryParse(reader.GetString(), out PublicKey key) ? key : throw new JsonException("Not a Solana address.");

    public override void WriteAsPropertyName(Utf8JsonWriter writer, PublicKey value, JsonSerializerOptions options) => writer.WritePropertyName(value.Key);
}
