using System.Text.Json.Nodes;

namespace Nosana.Node.Jobs.State;

/// <summary>
/// The one place where a running flow's state changes: every change is journaled before <see cref="Update"/> returns,
/// so that what follows it (a container removed, a result published) never outruns what is on disk.
/// </summary>
internal sealed class FlowRecord(FlowState state, Action<byte[]> journal)
{
    private readonly Lock _lock = new();

    public void Update(Action<FlowState> change)
    {
        lock (_lock)
        {
            change(state);
            journal(ResultJson.WriteWithoutLogs(state));
        }
    }

    public void UpdateOp(int index, Action<OpState> change) => Update(flow => change(flow.OpStates[index]));

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
