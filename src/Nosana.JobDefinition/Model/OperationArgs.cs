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

    /// <summary><c>aliases</c>, literals as written: the texts of the list, or those between the commas of one text.</summary>
    public IReadOnlyList<string> AliasesAsWritten => !Element.TryGetProperty("aliases", out JsonElement aliases) ? []
        : aliases.ValueKind == JsonValueKind.String ? aliases.GetString()!.Split(',', StringSplitOptions.TrimEntries)
        : aliases.ValueKind != JsonValueKind.Array ? []
        : [.. aliases.EnumerateArray().Where(alias => alias.ValueKind == JsonValueKind.String).Select(alias => alias.GetString()!.Trim())];

    /// <summary>The JSON object, read only. A key that stands twice is listed twice; the last one counts.</summary>
    public JsonElement Element => _element ??= Parse();

    /// <summary>A copy to change; of a key that stands twice the last value is kept.</summary>
    public JsonObject ToNode() => JsonTree.ToObject(Element);

    /// <summary><c>private</c>: endpoints get random names and are told only to the job's owner. No literal can stand for it.</summary>
    public bool IsPrivate => IsTrue("private");

    /// <summary><c>gpu</c>: all GPUs of the slot; the definition's <c>global</c> may ask for them as well. No literal can stand for it.</summary>
    public bool WantsGpu => IsTrue("gpu");

    /// <summary><c>required_vram</c>: accepted from old clients; GB on one GPU, null when absent.</summary>
    public double? RequiredVramGb => Find("required_vram") is { ValueKind: JsonValueKind.Number } vram ? vram.GetDouble() : null;

    /// <summary><c>trusted_execution_env</c>: asked for, whatever kind of one; read as the official host does, for which only an empty value is none.</summary>
    public bool WantsTrustedExecution => Find("trusted_execution_env") is { } asked && asked.ValueKind switch
    {
        JsonValueKind.False or JsonValueKind.Null => false,
        JsonValueKind.String => asked.GetString()!.Length > 0,
        JsonValueKind.Number => asked.GetDouble() != 0,
        _ => true,
    };

    /// <summary><c>expose</c> is there, whatever it says.</summary>
    public bool HasExpose => Find("expose") is not null;

    /// <summary><c>name</c> of a volume to create, literals as written; null when absent.</summary>
    public string? VolumeName => Find("name") is { ValueKind: JsonValueKind.String } name ? name.GetString() : null;

    private bool IsTrue(string key) => Find(key) is { ValueKind: JsonValueKind.True };

    private JsonElement? Find(string key) => Element.TryGetProperty(key, out JsonElement value) ? value : null;

    private JsonElement Parse()
    {
        // Two threads may both parse; either result is the same value.
        using JsonDocument document = JsonDocument.Parse(Utf8Json, new JsonDocumentOptions { MaxDepth = DefinitionLimits.MaxDepth });
        return document.RootElement.Clone();
    }
}
