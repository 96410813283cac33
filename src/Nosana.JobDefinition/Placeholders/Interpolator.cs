using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Results;

namespace Nosana.JobDefinition.Placeholders;

/// <summary>
/// Replaces literals in one operation's arguments and applies the operators. Text that was written, and not put in by a
/// literal, is never parsed as JSON.
/// </summary>
internal sealed class Interpolator(PlaceholderScope scope, string path)
{
    private const string Spread = "__spread__";
    private const string Pairs = "__pairs__";
    private const string Chunked = "chunked";
    private const string RemoveIfEmpty = "__remove-if-empty__";

    private static readonly JsonDocumentOptions s_options = new() { MaxDepth = DefinitionLimits.MaxDepth };

    private readonly Place _root = Place.At(path);
    private int _room = DefinitionLimits.MaxLiteralText;

    public JsonObject Resolve(JsonObject args)
    {
        var resolved = new JsonObject();
        foreach ((string key, JsonNode? value) in args)
        {
            Place place = _root.Member(key);
            JsonNode? field = Value(value, place, keepsLists: key == "expose");
            if (key == "env" && field is JsonObject env) field = Texts(env);
            if (field is JsonArray list && RemoveMarker(list) && list.Count == 0) continue;
            resolved[key] = field;
        }
        return resolved;
    }

    private JsonNode? Value(JsonNode? node, Place place, bool keepsLists = false) =>
        node switch
        {
            JsonObject o => Members(o, place),
            JsonArray a => Items(a, place),
            JsonValue v when v.GetValueKind() == JsonValueKind.String => Text(v.GetValue<string>(), place, keepsLists),
            _ => node?.DeepClone(),
        };

    /// <summary>A text that is not an item of a list. One that is exactly one literal takes a single item's own kind; several items join.</summary>
    private JsonNode? Text(string text, Place place, bool keepsLists)
    {
        if (!IsOneLiteral(text, out Literal literal)) return JsonValue.Create(Replace(text, place));
        ResultValue value = Find(literal, text, place);
        if (value.Items is { Count: 1 } single) return Parsed(single[0]);
        if (value.Items is null && ParsedList(value.Text!) is { } list)
            return keepsLists ? list : JsonValue.Create(string.Join(' ', list.Select(JsonTree.PlainText)));
        return JsonValue.Create(value.Joined);
    }

    private JsonObject Members(JsonObject members, Place place)
    {
        var resolved = new JsonObject();
        foreach ((string key, JsonNode? value) in members)
            if (key is not (Spread or Pairs)) resolved[key] = Value(value, place.Member(key));
        if (members.TryGetPropertyValue(Pairs, out JsonNode? pairs)) AddPairs(resolved, pairs, place.Member(Pairs));
        if (members.TryGetPropertyValue(Spread, out JsonNode? spread)) AddSpread(resolved, spread, place.Member(Spread));
        return resolved;
    }

    private JsonArray Items(JsonArray items, Place place)
    {
        var resolved = new JsonArray();
        for (int i = 0; i < items.Count; i++)
        {
            Place at = place.Item(i);
            if (items[i] is JsonObject o && o.ContainsKey(Spread)) AddAll(resolved, SpreadItems(o, at));
            else if (items[i] is JsonValue v && v.GetValueKind() == JsonValueKind.String && IsOneLiteral(v.GetValue<string>(), out Literal literal))
                AddFlat(resolved, Parsed(Find(literal, v.GetValue<string>(), at)));
            else resolved.Add(Value(items[i], at));
        }
        return resolved;
    }

    /// <summary>What <c>{"__spread__": X}</c> puts in its place: a list, flattened one level.</summary>
    private IEnumerable<JsonNode?> SpreadItems(JsonObject marker, Place place)
    {
        place = place.Member(Spread);
        bool isChunked = marker[Chunked] is JsonValue chunked && chunked.GetValueKind() == JsonValueKind.True;
        ResultValue? value = OperatorValue(marker[Spread], place, out JsonArray? written);
        JsonNode? list =
            written is not null ? written
            : value!.Items is null ? Json(value.Text!, Spread, place)
            : isChunked ? Json(string.Concat(value.Items), Spread, place)
            : Parsed(value);
        if (list is not JsonArray array) throw new PlaceholderException(place.ToString(), $"{Spread} must be a JSON array");
        foreach (JsonNode? item in array)
        {
            if (item is JsonArray inner)
                foreach (JsonNode? innerItem in inner) yield return innerItem?.DeepClone();
            else yield return item?.DeepClone();
        }
    }

    private void AddSpread(JsonObject target, JsonNode? spread, Place place)
    {
        if (OperatorJson(spread, Spread, place) is not JsonObject members) throw new PlaceholderException(place.ToString(), $"{Spread} must be a JSON object");
        foreach ((string key, JsonNode? value) in members) target[key] = value?.DeepClone();
    }

    private void AddPairs(JsonObject target, JsonNode? pairs, Place place)
    {
        if (OperatorJson(pairs, Pairs, place) is not JsonArray list) throw new PlaceholderException(place.ToString(), $"{Pairs} must be a JSON array");
        foreach (JsonNode? item in list)
        {
            if (item is not JsonObject pair) throw new PlaceholderException(place.ToString(), $"{Pairs} must be a JSON array of objects with key and value");
            if (pair["key"] is not JsonValue key || key.GetValueKind() != JsonValueKind.String)
                throw new PlaceholderException(place.ToString(), $"{Pairs}: a key must be a text");
            target[key.GetValue<string>()] = pair["value"]?.DeepClone() ?? JsonValue.Create("");
        }
    }

    /// <summary>An operator's payload as JSON: text that is parsed, a result of one item that is parsed, or what was written.</summary>
    private JsonNode? OperatorJson(JsonNode? payload, string name, Place place)
    {
        ResultValue? value = OperatorValue(payload, place, out JsonArray? written);
        if (written is not null) return written;
        if (payload is JsonObject) return Value(payload, place);
        return value!.Items is { Count: not 1 } items ? Json("[" + string.Join(',', items) + "]", name, place) : Json(value.Joined, name, place);
    }

    private ResultValue? OperatorValue(JsonNode? payload, Place place, out JsonArray? written)
    {
        written = null;
        switch (payload)
        {
            case JsonArray list:
                written = Items(list, place);
                return null;
            case JsonValue v when v.GetValueKind() == JsonValueKind.String:
                string text = v.GetValue<string>();
                return IsOneLiteral(text, out Literal literal) ? Find(literal, text, place) : ResultValue.Single(Replace(text, place));
            default:
                return ResultValue.Single(payload?.ToJsonString() ?? "null");
        }
    }

    private string Replace(string text, Place place)
    {
        if (LiteralScanner.Next(text, 0) is null) return text;
        var result = new StringBuilder();
        int end = 0;
        foreach (Literal literal in LiteralScanner.All(text))
        {
            result.Append(text, end, literal.Start - end).Append(Find(literal, text, place).Joined);
            end = literal.Start + literal.Length;
        }
        return result.Append(text, end, text.Length - end).ToString();
    }

    private ResultValue Find(Literal literal, string text, Place place)
    {
        ResultValue value = ScopeLookup.Find(scope, literal) ?? throw new PlaceholderException(place.ToString(), literal.Describe(text));
        // One literal is short and may stand there many times, so that what it stands for could fill this host's memory.
        _room -= value.Length;
        if (_room >= 0) return value;
        throw new PlaceholderException(place.ToString(), $"the literals of the operation stand for more than {DefinitionLimits.MaxLiteralText} characters");
    }

    private static bool IsOneLiteral(string text, out Literal literal)
    {
        literal = LiteralScanner.Next(text, 0) ?? default;
        return literal.Length > 0 && literal.Length == text.Length;
    }

    /// <summary>A value as items: texts that are JSON lists or objects are parsed.</summary>
    private static JsonArray Parsed(ResultValue value)
    {
        var items = new JsonArray();
        foreach (string? item in value.Items ?? [value.Text]) items.Add(Parsed(item));
        return items;
    }

    private static JsonNode? Parsed(string? text)
    {
        if (text is null) return null;
        string trimmed = text.TrimStart();
        if (!trimmed.StartsWith('[') && !trimmed.StartsWith('{')) return JsonValue.Create(text);
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, s_options);
            return JsonTree.ToNode(document.RootElement.Clone());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Output that only looks like JSON (or holds half a character) is ordinary text.
            return JsonValue.Create(text);
        }
    }

    private static JsonArray? ParsedList(string text) => Parsed(text) as JsonArray;

    private static JsonNode? Json(string text, string name, Place place)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, s_options);
            return JsonTree.ToNode(document.RootElement.Clone());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new PlaceholderException(place.ToString(), $"{name} is not valid JSON: {e.Message}");
        }
    }

    private static void AddAll(JsonArray target, IEnumerable<JsonNode?> items)
    {
        foreach (JsonNode? item in items) target.Add(item);
    }

    private static void AddFlat(JsonArray target, JsonArray items)
    {
        foreach (JsonNode? item in items)
        {
            if (item is JsonArray inner) AddFlat(target, inner);
            else target.Add(item?.DeepClone());
        }
    }

    private static JsonObject Texts(JsonObject env)
    {
        var texts = new JsonObject();
        foreach ((string key, JsonNode? value) in env) texts[key] = JsonTree.PlainText(value);
        return texts;
    }

    private static bool RemoveMarker(JsonArray list)
    {
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i] is not JsonValue v || v.GetValueKind() != JsonValueKind.String || v.GetValue<string>() != RemoveIfEmpty) continue;
            list.RemoveAt(i);
            return true;
        }
        return false;
    }
}
