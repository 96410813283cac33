using System.Text.Json;
using System.Text.Json.Serialization;
using Nosana.Solana.Wallet.Utilities;

namespace Nosana.Solana.Rpc.Json;

/// <summary>Bytes as Solana's nodes write them: <c>["text", "base64"]</c>; base58 is read as well.</summary>
internal sealed class EncodedBytesConverter : JsonConverter<byte[]>
{
    public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray || !reader.Read() || reader.TokenType != JsonTokenType.String) throw Unexpected();
        // The encoding comes second: the text is kept as it is only until that is known. Base64 is the form we ask for.
        byte[]? bytes = reader.TryGetBytesFromBase64(out byte[]? decoded) ? decoded : null;
        string? text = bytes is null || bytes.Length <= 128 ? reader.GetString() : null; // nodes write at most 128 bytes as base58
        if (!reader.Read() || reader.TokenType != JsonTokenType.String) throw Unexpected();
        string? encoding = reader.GetString();
        if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray) throw Unexpected();
        return encoding switch
        {
            "base64" when bytes is not null => bytes,
            "base58" when text is not null => DecodeBase58(text),
            _ => throw new JsonException($"Account data in encoding '{encoding}' was not asked for or is damaged."),
        };
    }

    public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteBase64StringValue(value);
        writer.WriteStringValue("base64"u8);
        writer.WriteEndArray();
    }

    private static byte[] DecodeBase58(string text)
    {
        try
        {
            return Encoders.Base58.DecodeData(text);
        }
        catch (FormatException exception)
        {
            throw new JsonException("Damaged base58 data.", exception);
        }
    }

    private static JsonException Unexpected() => new("Account data is not an array of text and encoding.");
}
