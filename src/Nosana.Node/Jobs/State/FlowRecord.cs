using System.Text.Json.Nodes;
using Nosana.Node.Journal;

namespace Nosana.Node.Jobs.State;

/// <summary>
/// The one place where a running flow's state changes: every change is journaled before the method returns, so that what follows it (a container
/// removed, a result published) never outruns what is on disk. What is journaled is what was changed, not the flow.
/// </summary>
internal sealed class FlowRecord(FlowState state, Action<IReadOnlyCollection<FlowPart>> journal)
{
    private readonly Lock _lock = new();

    /// <summary>Changes the flow itself: status, times, errors.</summary>
    public void Update(Action<FlowState> change)
    {
        lock (_lock)
        {
            change(state);
            journal([FlowParts.OfFlow(state)]);
        }
    }

    /// <summary>Changes an operation in anything but its results.</summary>
    public void UpdateOp(int index, Action<OpState> change) => UpdateOps([index], (_, op) => change(op));

    /// <summary>Changes several operations, each told with its index, in one entry of the journal.</summary>
    public void UpdateOps(IReadOnlyCollection<int> indexes, Action<int, OpState> change)
    {
        lock (_lock)
        {
            foreach (int index in indexes) change(index, state.OpStates[index]);
            journal([.. indexes.Select(index => FlowParts.OfOp(state, index))]);
        }
    }

    public void SetResults(int index, JsonObject results)
    {
        lock (_lock)
        {
            state.OpStates[index].Results = results;
            journal([FlowParts.OfResults(state, index)]);
        }
    }

    /// <summary>Endpoints of a job by their ids; see <see cref="FlowState.Secrets"/>.</summary>
    public void AddEndpoints(string job, IReadOnlyDictionary<string, JsonObject> endpoints, bool isPrivate)
    {
        lock (_lock)
        {
            JsonObject present = state.EndpointsOf(job);
            foreach ((string id, JsonObject endpoint) in endpoints) present[id] = endpoint;
            isPrivate |= state.Secrets["urlmode"]?.GetValue<string>() == "private";
            state.Secrets["urlmode"] = isPrivate ? "private" : "public";
            journal([FlowParts.OfFlow(state), .. endpoints.Select(endpoint => FlowParts.OfEndpoint(endpoint.Key, endpoint.Value))]);
        }
    }

    /// <summary>Changes what is found out anew after a kill, and is not journaled: whether an endpoint answers.</summary>
    public void Show(Action<FlowState> change)
    {
        lock (_lock) change(state);
    }

    public T Read<T>(Func<FlowState, T> read)
    {
        lock (_lock) return read(state);
    }

    /// <summary>The state as JSON without logs: what the API shows while the job runs.</summary>
    public JsonNode Snapshot()
    {
        lock (_lock) return JsonNode.Parse(ResultJson.WriteWithoutLogs(state))!;
    }
}
