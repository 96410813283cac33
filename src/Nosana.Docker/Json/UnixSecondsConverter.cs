using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nosana.Docker.Json;

/// <summary>Unix seconds of the engine's lists as UTC time; a text is read as RFC 3339 (Podman writes that in places).</summary>
internal sealed class UnixSecondsConverter : JsonConverter<DateTime>
{
    public override bool HandleNull => true;

    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => DateTime.UnixEpoch.AddSeconds(reader.GetDouble()),
        JsonTokenType.String when reader.TryGetDateTime(out DateTime value) => value.ToUniversalTime(),
        _ => default,
    };

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteNumberValue((long)(value - DateTime.UnixEpoch).TotalSeconds);
}
