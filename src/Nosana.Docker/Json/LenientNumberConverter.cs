using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization;
using System.Text.Json;

namespace Nosana.Docker.Json;

/// <summary>Numbers as numbers (any size, saturating), as text, or null for 0.</summary>
internal sealed class LenientNumberConverter<T> : JsonConverter<T> where T : struct, IBinaryInteger<T>
{
    public override bool HandleNull => true;

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Number when reader.TryGetDecimal(out decimal exact):
                return T.CreateSaturating(exact);
            case JsonTokenType.Number:
                return T.CreateSaturating(reader.GetDouble());
            case JsonTokenType.String:
                return T.TryParse(reader.GetString(), NumberStyles.Integer, CultureInfo.InvariantCulture, out T value) ? value : default;
            default:
                reader.TrySkip();
                return default;
        }
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.ToString(null, CultureInfo.InvariantCulture));
}
