using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Faults;

namespace Nosana.JobDefinition.Arguments;

/// <summary>A resolved value and its place: literals may have put anything there, so every form is checked once more.</summary>
internal readonly record struct ArgumentNode(JsonNode? Node, string Path)
{
    public bool IsAbsent => Node is null;

    public JsonValueKind Kind => Node?.GetValueKind() ?? JsonValueKind.Undefined;

    public ArgumentNode Member(string key) =>
        Node is JsonObject o ? new ArgumentNode(o[key], Path + JsonPath.Member(key)) : throw Refuse("an object");

    public IEnumerable<ArgumentNode> Items()
    {
        if (Node is null) yield break;
        if (Node is not JsonArray list) throw Refuse("a list");
        for (int i = 0; i < list.Count; i++) yield return new ArgumentNode(list[i], Path + JsonPath.Item(i));
    }

    public string RequiredText() => Text() is { Length: > 0 } text ? text : throw Refuse("a text that is not empty");

    /// <summary>A text (numbers and truth values as text), or null when absent.</summary>
    public string? Text() =>
        Kind switch
        {
            JsonValueKind.Undefined => null,
            JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => JsonTree.PlainText(Node),
            _ => throw Refuse("a text"),
        };

    /// <summary>A list of texts; items that are not texts become JSON.</summary>
    public List<string> Words()
    {
        var words = new List<string>();
        foreach (ArgumentNode item in Items()) words.Add(JsonTree.PlainText(item.Node));
        return words;
    }

    public bool Flag() =>
        Kind switch
        {
            JsonValueKind.Undefined or JsonValueKind.False => false,
            JsonValueKind.True => true,
            _ => throw Refuse("true or false"),
        };

    public double? Number() =>
        Kind switch
        {
            JsonValueKind.Undefined => null,
            JsonValueKind.Number => Node!.GetValue<double>(),
            _ => throw Refuse("a number"),
        };

    public Dictionary<string, string> Map()
    {
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Node is null) return map;
        if (Node is not JsonObject members) throw Refuse("an object");
        foreach ((string key, JsonNode? value) in members) map[key] = JsonTree.PlainText(value);
        return map;
    }

    public PlaceholderException Refuse(string allowed)
    {
        const int MaxFound = 60;
        string found = Node is null ? "nothing" : JsonTree.PlainText(Node);
        if (found.Length > MaxFound) found = found[..MaxFound] + "...";
        return new PlaceholderException(Path, $"{Path} must be {allowed}; its literals gave {found}");
    }
}
