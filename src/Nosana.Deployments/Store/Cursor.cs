using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Nosana.Deployments.Store;

/// <summary>
/// A place in a list, between two rows. Its text is the network's: base64 of <c>{"sort_field_value":TIME,"_id":ID,"direction":"next"|"prev"}</c>.
/// </summary>
/// <param name="At">When the row beside it was made.</param>
/// <param name="Id">Of that row.</param>
/// <param name="IsBackwards">The rows before it are wished.</param>
public sealed record Cursor(DateTimeOffset At, string Id, bool IsBackwards)
{
    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public override string ToString()
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteString("sort_field_value", At.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture));
            json.WriteString("_id", Id);
            json.WriteString("direction", IsBackwards ? "prev" : "next");
            json.WriteEndObject();
        }
        return Convert.ToBase64String(text.ToArray());
    }

    /// <summary>False for whatever is no cursor.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out Cursor? cursor)
    {
        cursor = null;
        byte[] bytes = new byte[text?.Length ?? 0];
        if (text is null || !Convert.TryFromBase64String(text, bytes, out int length)) return false;
        try
        {
            using JsonDocument json = JsonDocument.Parse(Encoding.UTF8.GetString(bytes, 0, length));
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || Text("sort_field_value") is not { } at || Text("_id") is not { } id || Text("direction") is not ("next" or "prev")
                || !DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
                return false;
            cursor = new Cursor(time, id, Text("direction") == "prev");
            return true;

            string? Text(string name) =>
                json.RootElement.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (JsonException)
        {
            return false; // no cursor of ours
        }
    }
}
