using System.Text.Encodings.Web;
using System.Text.Json;

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
