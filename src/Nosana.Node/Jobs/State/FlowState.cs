using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Nosana.JobDefinition.Model;

namespace Nosana.Node.Jobs.State;

/// <summary>
/// The state of a flow in the official JSON shape: what <c>GET /job/ID/info</c> shows and what is pinned as the result.
/// Times are Unix milliseconds. Owned by one <see cref="JobRunner"/>; others read copies.
/// </summary>
internal sealed class FlowState
{
    public string Status { get; set; } = FlowStatus.Init;

    public long? StartTime { get; set; }

    public long? EndTime { get; set; }

    /// <summary>Endpoints while the job runs; empty at its end.</summary>
    public JsonObject Secrets { get; set; } = [];

    public List<OpState> OpStates { get; set; } = [];

    /// <summary>Errors of the flow itself: validation faults and what no operation can be blamed for. Absent when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public List<JsonNode>? Errors { get; set; }

    /// <summary>That of a job of which nothing has started.</summary>
    public static FlowState Of(Definition definition) => new()
    {
        OpStates = [.. definition.Ops.Select(op => new OpState { OperationId = op.Id, Group = op.GroupName })],
    };

    /// <summary>The job's endpoints among the <see cref="Secrets"/>, by their ids.</summary>
    public JsonObject EndpointsOf(string job)
    {
        if (Secrets[job] is not JsonObject endpoints) Secrets[job] = endpoints = [];
        return endpoints;
    }

    /// <summary>A copy that shares all but the logs, which it has not.</summary>
    public FlowState WithoutLogs() => new()
    {
        Status = Status,
        StartTime = StartTime,
        EndTime = EndTime,
        Secrets = Secrets,
        Errors = Errors,
        OpStates = [.. OpStates.Select(op => op.WithoutLogs())],
    };

    public void AddError(JsonNode error) => (Errors ??= []).Add(error);
}
