using System.Text.Json;
using System.Text.RegularExpressions;

namespace Nosana.JobDefinition.Tests.Schema;

/// <summary>Draft-07 validation for the keywords the published schema uses; any other keyword is an error of the schema.</summary>
internal static class SmallSchemaValidator
{
    public static bool IsValid(JsonElement schema, JsonElement value)
    {
        foreach (JsonProperty keyword in schema.EnumerateObject())
            if (!Holds(keyword, schema, value)) return false;
        return true;
    }

    private static bool Holds(JsonProperty keyword, JsonElement schema, JsonElement value)
    {
        JsonElement wanted = keyword.Value;
        bool isObject = value.ValueKind == JsonValueKind.Object;
        bool isList = value.ValueKind == JsonValueKind.Array;
        bool isNumber = value.ValueKind == JsonValueKind.Number;
        return keyword.Name switch
        {
            "$schema" or "title" or "description" => true,
            "type" => IsType(wanted.GetString()!, value),
            "const" => JsonElement.DeepEquals(wanted, value),
            "enum" => wanted.EnumerateArray().Any(w => JsonElement.DeepEquals(w, value)),
            "anyOf" => wanted.EnumerateArray().Any(w => IsValid(w, value)),
            "pattern" => value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, wanted.GetString()!, RegexOptions.ECMAScript),
            "minimum" => !isNumber || value.GetDouble() >= wanted.GetDouble(),
            "maximum" => !isNumber || value.GetDouble() <= wanted.GetDouble(),
            "items" => !isList || value.EnumerateArray().All(item => IsValid(wanted, item)),
            "minItems" => !isList || value.GetArrayLength() >= wanted.GetInt32(),
            "uniqueItems" => !isList || AllDifferent(value),
            "required" => !isObject || wanted.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
            "properties" => !isObject || Members(value).All(m => !wanted.TryGetProperty(m.Key, out JsonElement member) || IsValid(member, m.Value)),
            "additionalProperties" => !isObject || Members(value).All(m => IsNamed(schema, m.Key) || (wanted.ValueKind == JsonValueKind.Object && IsValid(wanted, m.Value))),
            _ => throw new InvalidOperationException($"keyword {keyword.Name}"),
        };
    }

    private static bool IsNamed(JsonElement schema, string key) => schema.TryGetProperty("properties", out JsonElement properties) && properties.TryGetProperty(key, out _);

    private static Dictionary<string, JsonElement> Members(JsonElement value)
    {
        var members = new Dictionary<string, JsonElement>();
        foreach (JsonProperty property in value.EnumerateObject()) members[property.Name] = property.Value;
        return members;
    }

    private static bool AllDifferent(JsonElement list)
    {
        JsonElement[] items = [.. list.EnumerateArray()];
        for (int a = 0; a < items.Length; a++)
            for (int b = a + 1; b < items.Length; b++)
                if (JsonElement.DeepEquals(items[a], items[b])) return false;
        return true;
    }

    private static bool IsType(string type, JsonElement value) =>
        type switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && value.GetDouble() == Math.Floor(value.GetDouble()),
            _ => throw new InvalidOperationException($"type {type}"),
        };
}
