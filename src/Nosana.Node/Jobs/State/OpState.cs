using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Nosana.Node.Logs;

namespace Nosana.Node.Jobs.State;

/// <summary>The state of one operation in the official JSON shape, in the order of the definition's <c>ops</c>.</summary>
internal sealed class OpState
{
    public required string OperationId { get; set; }

    /// <summary><c>execution.group</c>, or the operation's own id.</summary>
    public required string Group { get; set; }

    /// <summary>Id of the main container.</summary>
    public string? ProviderId { get; set; }

    public string? Status { get; set; } = FlowStatus.Init;

    public long? StartTime { get; set; }

    public long? EndTime { get; set; }

    public int? ExitCode { get; set; }

    public IReadOnlyList<LogEntry> Logs { get; set; } = [];

    public List<OpError> Errors { get; set; } = [];

    /// <summary>Per key of the definition's <c>results</c>: an array of matches, or the text of a syntax error.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? Results { get; set; }

    public OpDiagnostics Diagnostics { get; set; } = new();

    /// <summary>Ours: what the caps cut from <see cref="Logs"/>; absent when nothing was cut.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LogsDropped? LogsDropped { get; set; }

    /// <summary>A copy that shares all but the logs, which it has not.</summary>
    public OpState WithoutLogs() => new()
    {
        OperationId = OperationId,
        Group = Group,
        ProviderId = ProviderId,
        Status = Status,
        StartTime = StartTime,
        EndTime = EndTime,
        ExitCode = ExitCode,
        Errors = Errors,
        Results = Results,
        Diagnostics = Diagnostics,
    };

    /// <summary>Takes what the operation printed, cut at the official limits.</summary>
    public void TakeLogs(ResultLogs printed)
    {
        Logs =
        [
            .. printed.Entries.Select(entry =>
                new LogEntry(entry.Stream.ToName(), entry.Text, entry.Stream == LogStream.NodeError ? null : entry.Timestamp)),
        ];
        LogsDropped = printed.Dropped is { } dropped ? new LogsDropped(dropped.Lines, dropped.Bytes, dropped.Sha256) : null;
    }
}

/// <param name="Type"><c>stdin</c>, <c>stdout</c>, <c>stderr</c> or <c>nodeerr</c>.</param>
/// <param name="Log">The text with its trailing newline.</param>
/// <param name="Timestamp">RFC 3339 with nanoseconds; absent on entries of the node itself.</param>
internal sealed record LogEntry(
    string Type,
    string Log,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Timestamp);

/// <param name="Event"><c>image-pull-error</c>, <c>resource-error</c>, <c>container-runtime-error</c> or <c>operation-error</c>.</param>
/// <param name="Message">What failed, on which thing, and what to do.</param>
/// <param name="Code">The engine's HTTP status, when it gave one.</param>
internal sealed record OpError(
    string Event,
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Code = null)
{
    public const string ImagePull = "image-pull-error";
    public const string Resource = "resource-error";
    public const string ContainerRuntime = "container-runtime-error";
    public const string Operation = "operation-error";
}

internal sealed class OpDiagnostics
{
    public StopFlags Reason { get; set; } = new();

    /// <summary>The engine's <c>State</c> of the container, verbatim, plus <c>RestartCount</c>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonObject? State { get; set; }
}

internal sealed class StopFlags
{
    public bool HostShutDown { get; set; }

    public bool JobStopped { get; set; }

    public bool JobExpired { get; set; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; set; }
}

/// <param name="Lines">Lines that the operation printed and the result does not carry.</param>
/// <param name="Bytes">Their bytes.</param>
/// <param name="Sha256">Digest, in hex, of all bytes the operation printed, kept and cut.</param>
internal sealed record LogsDropped(long Lines, long Bytes, string Sha256);
