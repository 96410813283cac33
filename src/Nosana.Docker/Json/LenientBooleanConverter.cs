using System.Text.Json.Serialization;
using System.Text.Json;

namespace Nosana.Docker.Json;

/// <summary>True for true and for the text <c>true</c>; anything else, also null, is false.</summary>
internal sealed class LenientBooleanConverter : JsonConverter<bool>
{
    public override bool HandleNull => true;

    public override bool Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        bool value = reader.TokenType == JsonTokenType.True
            || (reader.TokenType == JsonTokenType.String && bool.TryParse(reader.GetString(), out bool text) && text);
        reader.TrySkip();
        return value;
    }

    public override void Write(Utf8JsonWriter writer, bool value, JsonSerializerOptions options) => writer.WriteBooleanValue(value);
}
