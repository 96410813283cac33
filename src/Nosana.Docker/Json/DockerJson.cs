using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Nosana.Docker.Json;

/// <summary>
/// JSON of the engine. Reading forgives what engines differ in: unknown fields, null where a value is due, numbers as text. Writing leaves
/// nulls out, so that the engine's own defaults hold.
/// </summary>
internal static class DockerJson
{
    private static readonly JsonSerializerOptions Lenient = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters =
        {
            new LenientNumberConverter<long>(),
            new LenientNumberConverter<ulong>(),
            new LenientNumberConverter<int>(),
            new LenientNumberConverter<uint>(),
            new LenientNumberConverter<ushort>(),
            new LenientBooleanConverter(),
            new LenientDateTimeConverter(),
        },
        TypeInfoResolver = DockerJsonContext.Default.WithAddedModifier(KeepValueOnNull),
    };

    /// <summary>How a type of <see cref="DockerJsonContext"/> is read and written.</summary>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Lenient.GetTypeInfo(typeof(T));

    /// <summary>Go writes an absent list or map as null: a property that is never null keeps its empty one.</summary>
    private static void KeepValueOnNull(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            if (property.IsSetNullable || property.Set is not { } set) continue;
            property.Set = (target, value) =>
            {
                if (value is not null) set(target, value);
            };
        }
    }
}
