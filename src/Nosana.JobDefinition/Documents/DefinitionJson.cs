using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Nosana.JobDefinition.Documents;

/// <summary>How JSON is written here.</summary>
internal static class DefinitionJson
{
    /// <summary>As JSON.stringify writes: only what must be escaped is.</summary>
    public static JsonSerializerOptions Relaxed { get; } = new()
    {
        TypeInfoResolver = DefinitionJsonContext.Default,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}

/// <summary>Compiled serializers; nothing here is looked up by reflection.</summary>
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(JsonNode))]
internal sealed partial class DefinitionJsonContext : JsonSerializerContext;
