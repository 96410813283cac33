using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.JobDefinition.Literals;

namespace Nosana.JobDefinition.Model;

/// <summary>
/// Arguments of an operation as written: a slice of the document, parsed when asked for. Literals can stand for whole
/// values, so the typed form exists only after <see cref="PlaceholderResolver"/> has run.
/// </summary>
public sealed class OperationArgs(ReadOnlyMemory<byte> utf8Json)
{
    private JsonElement? _element;

    /// <summary>The JSON object, UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8Json { get; } = utf8Json;

    /// <summary><c>aliases</c>, literals as written: the texts of the list, or those between the commas of one text.</summary>
    public IReadOnlyList<string> AliasesAsWritten => !Element.TryGetProperty("aliases", out JsonElement aliases) ? []
        : aliases.ValueKind == JsonValueKind.String ? aliases.GetString()!.Split(',', StringSplitOptions.TrimEntries)
        : aliases.ValueKind != JsonValueKind.Array ? []
        : [.. aliases.EnumerateArray().Where(alias => alias.ValueKind == JsonValueKind.String).Select(alias => alias.GetString()!.Trim())];

    /// <summary>The JSON object, read only. A key that stands twice is listed twice; the last one counts.</summary>
    public JsonElement Element => _element ??= Parse();

    /// <summary>A copy to change; of a key that stands twice the last value is kept.</summary>
    public JsonObject ToNode() => JsonTree.ToObject(Element);

    private JsonElement Parse()
    {
        // Two threads may both parse; either result is the same value.
        using JsonDocument document = JsonDocument.Parse(Utf8Json, new JsonDocumentOptions { MaxDepth = Reading.DefinitionLimits.MaxDepth });
        return document.RootElement.Clone();
    }
}
