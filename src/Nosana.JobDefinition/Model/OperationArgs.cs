using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.JobDefinition.Documents;

namespace Nosana.JobDefinition.Model;

/// <summary>
/// Arguments of an operation as written: a slice of the document, parsed when asked for. Literals can stand for whole
/// values, so the typed form exists only after its placeholders are resolved.
/// </summary>
public sealed class OperationArgs(ReadOnlyMemory<byte> utf8Json)
{
    private JsonElement? _element;

    /// <summary>The JSON object, UTF-8.</summary>
    public ReadOnlyMemory<byte> Utf8Json { get; } = utf8Json;

    /// <summary>The JSON object, read only. A key that stands twice is listed twice; the last one counts.</summary>
    public JsonElement Element => _element ??= Parse();

    /// <summary>A copy to change; of a key that stands twice the last value is kept.</summary>
    public JsonObject ToNode() => JsonTree.ToObject(Element);

    private JsonElement Parse()
    {
        // Two threads may both parse; either result is the same value.
        using JsonDocument document = JsonDocument.Parse(Utf8Json, new JsonDocumentOptions { MaxDepth = DefinitionLimits.MaxDepth });
        return document.RootElement.Clone();
    }
}
