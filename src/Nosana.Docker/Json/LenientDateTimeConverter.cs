using System.Text.Json.Serialization;
using System.Text.Json;

namespace Nosana.Docker.Json;

/// <summary>RFC 3339 as UTC; empty, null or anything else is <c>default</c>.</summary>
internal sealed class LenientDateTimeConverter : JsonConverter<DateTime>
{
    public override bool HandleNull => true;

    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out DateTimeOffset value)) return value.UtcDateTime;
        reader.TrySkip();
        return default;
    }

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToUniversalTime());
}
