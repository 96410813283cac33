using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.JobDefinition.Model;
using Nosana.Node.Journal;

namespace Nosana.Node.Jobs.State;

/// <summary>
/// A flow as the journal holds it while it runs: the flow itself, each operation, each operation's results and each endpoint on its own. Logs are
/// none of it: they have a store of theirs.
/// </summary>
internal static class FlowParts
{
    private const string Flow = "flow", Op = "op/", Results = "results/", Endpoint = "endpoint/", UrlMode = "urlmode";

    public static FlowPart OfFlow(FlowState flow)
    {
        var head = new FlowState { Status = flow.Status, StartTime = flow.StartTime, EndTime = flow.EndTime, Errors = flow.Errors };
        if (flow.Secrets[UrlMode] is { } mode) head.Secrets[UrlMode] = mode.DeepClone();
        return new FlowPart(Flow, ResultJson.Write(head));
    }

    public static FlowPart OfOp(FlowState flow, int index) => new($"{Op}{index}", ResultJson.WriteWithoutResults(flow.OpStates[index]));

    /// <summary>Large, and written once: apart from the state that changes after it.</summary>
    public static FlowPart OfResults(FlowState flow, int index) =>
        new($"{Results}{index}", JsonSerializer.SerializeToUtf8Bytes(flow.OpStates[index].Results!, ResultJson.ForNodes));

    public static FlowPart OfEndpoint(string id, JsonObject endpoint) =>
        new($"{Endpoint}{id}", JsonSerializer.SerializeToUtf8Bytes(endpoint, ResultJson.ForNodes));

    /// <summary>The flow of these parts; null when there are none. Operations of which nothing is stored have not begun.</summary>
    /// <param name="job">Address of the job.</param>
    /// <param name="definition">Of the same job.</param>
    /// <param name="parts">In any order.</param>
    public static FlowState? Read(string job, Definition definition, IReadOnlyCollection<FlowPart> parts)
    {
        if (parts.Count == 0) return null;
        FlowState state = parts.FirstOrDefault(part => part.Name == JournalStore.WholeFlow) is { } whole
            ? ResultJson.Read(whole.Json)
            : FlowState.Of(definition);
        foreach (FlowPart part in parts)
        {
            if (part.Name == Flow) ReadFlow(state, ResultJson.Read(part.Json));
            else if (IndexOf(part, Op) is { } op)
            {
                JsonObject? results = state.OpStates[op].Results;
                state.OpStates[op] = ResultJson.ReadOp(part.Json);
                state.OpStates[op].Results = results;
            }
            else if (IndexOf(part, Results) is { } of) state.OpStates[of].Results = JsonNode.Parse(part.Json)!.AsObject();
            else if (part.Name.StartsWith(Endpoint, StringComparison.Ordinal)) ReadEndpoint(state, job, part);
        }
        return state;
    }

    private static void ReadFlow(FlowState state, FlowState stored)
    {
        (state.Status, state.StartTime, state.EndTime, state.Errors) = (stored.Status, stored.StartTime, stored.EndTime, stored.Errors);
        if (stored.Secrets[UrlMode] is { } mode) state.Secrets[UrlMode] = mode.DeepClone();
    }

    private static void ReadEndpoint(FlowState state, string job, FlowPart part)
    {
        JsonObject endpoint = JsonNode.Parse(part.Json)!.AsObject();
        endpoint["status"] = "OFFLINE"; // until its container is taken up again
        state.EndpointsOf(job)[part.Name[Endpoint.Length..]] = endpoint;
    }

    private static int? IndexOf(FlowPart part, string kind) =>
        part.Name.StartsWith(kind, StringComparison.Ordinal)
            ? int.Parse(part.Name.AsSpan(kind.Length), System.Globalization.CultureInfo.InvariantCulture)
            : null;
}
