using System.Text.Json;

namespace Nosana.Node.HostManager;

/// <summary>Bodies of one field.</summary>
internal static class HostManagerJson
{
    public static byte[] Object(string name, string value)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString(name, value);
            writer.WriteEndObject();
        }
        return buffer.ToArray();
    }
}
