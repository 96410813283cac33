using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Nosana.Node.Jobs.State;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FlowState))]
internal sealed partial class ResultJson : JsonSerializerContext
{
    // Logs are other people's text: the relaxed encoder keeps it readable, and the bytes never stand inside HTML.
    private static readonly ResultJson Relaxed = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    private static readonly ResultJson Indented = new(new JsonSerializerOptions(Relaxed.Options) { WriteIndented = true });

    public static byte[] Write(FlowState state) => JsonSerializer.SerializeToUtf8Bytes(state, Relaxed.FlowState);

    public static string WriteIndented(FlowState state) => JsonSerializer.Serialize(state, Indented.FlowState);

    public static FlowState Read(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, Relaxed.FlowState) ?? throw new JsonException("The flow state is null.");

    /// <summary>A copy without logs, cheap enough to journal at every transition.</summary>
    public static byte[] WriteWithoutLogs(FlowState state) => Write(new FlowState
    {
        Status = state.Status,
        StartTime = state.StartTime,
        EndTime = state.EndTime,
        Secrets = state.Secrets,
        Errors = state.Errors,
        OpStates = [.. state.OpStates.Select(WithoutLogs)],
    });

    private static OpState WithoutLogs(OpState op) => new()
    {
        OperationId = op.OperationId,
        Group = op.Group,
        ProviderId = op.ProviderId,
        Status = op.Status,
        StartTime = op.StartTime,
        EndTime = op.EndTime,
        ExitCode = op.ExitCode,
        Errors = op.Errors,
        Results = op.Results,
        Diagnostics = op.Diagnostics,
    };
}
