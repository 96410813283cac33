using System.Text.Json;
using System.Text.Json.Nodes;

namespace Nosana.JobDefinition.Documents;

/// <summary>JSON as a tree to change. Copies keep JavaScript's rule for keys that stand twice: the last value, at the first one's place.</summary>
internal static class JsonTree
{
    public static JsonObject ToObject(JsonElement element)
    {
        var result = new JsonObject();
        foreach (JsonProperty property in element.EnumerateObject())
            result[property.Name] = ToNode(property.Value);
        return result;
    }

    public static JsonNode? ToNode(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                return ToObject(element);
            case JsonValueKind.Array:
                var list = new JsonArray();
                foreach (JsonElement item in element.EnumerateArray()) list.Add(ToNode(item));
                return list;
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.String:
                return JsonValue.Create(element.GetString());
            default:
                return JsonValue.Create(element);
        }
    }

    /// <summary>A value as a container gets it: a text itself, nothing as nothing, anything else as JSON.</summary>
    public static string PlainText(JsonNode? value) =>
        value is null ? ""
        : value is JsonValue v && v.GetValueKind() == JsonValueKind.String ? v.GetValue<string>()
        : value.ToJsonString(DefinitionJson.Relaxed);
}
