using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Nosana.Node.Logs;

namespace Nosana.Node.Jobs.State;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FlowState))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class ResultJson : JsonSerializerContext
{
    private const long ReadableBytes = 1L << 20, LargeBytes = 4L << 20;

    private static readonly ResultJson Relaxed = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JsonText.Encoder,
    });

    private static readonly ResultJson Indented = new(new JsonSerializerOptions(Relaxed.Options) { WriteIndented = true });

    public static JsonTypeInfo<JsonObject> ForNodes => Relaxed.JsonObject;

    /// <summary>Counted first: a buffer that grows would hold a large result twice over.</summary>
    public static byte[] Write(FlowState state)
    {
        long bytes = Count(state);
        // What was read and counted of a large result is as much again, and would lie beside it.
        if (bytes > LargeBytes) GC.Collect();
        byte[] json = new byte[bytes];
        using var stream = new MemoryStream(json);
        JsonSerializer.Serialize(stream, state, Relaxed.FlowState);
        return json;
    }

    /// <summary>Bytes that <see cref="Write"/> would make.</summary>
    public static long Count(FlowState state)
    {
        using var counted = new CountingStream();
        JsonSerializer.Serialize(counted, state, Relaxed.FlowState);
        return counted.Length;
    }

    /// <summary>Indented for a person, unless it is more than one reads: then as it is sent, since the spaces could be as much again.</summary>
    public static string WriteReadable(FlowState state) => JsonSerializer.Serialize(state, (Count(state) <= ReadableBytes ? Indented : Relaxed).FlowState);

    public static FlowState Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Relaxed.FlowState) ?? throw new JsonException("The flow state is null.");

    public static OpState ReadOp(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Relaxed.OpState) ?? throw new JsonException("The state of an operation is null.");

    public static byte[] WriteWithoutLogs(FlowState state) => Write(state.WithoutLogs());

    public static byte[] WriteWithoutResults(OpState op)
    {
        OpState rest = op.WithoutLogs();
        rest.Results = null;
        return JsonSerializer.SerializeToUtf8Bytes(rest, Relaxed.OpState);
    }
}
