using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Model;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Jobs;

/// <summary>How far the operations are, for whoever looks on from another thread.</summary>
internal sealed partial class JobRunner
{
    private volatile Standing _standing = new([.. job.Request.Definition.Ops.Select(_ => OpProgress.Waiting)], [], [], null);

    /// <summary>How far the operations are now, in the words of the official host.</summary>
    public JobProgress Progress()
    {
        Standing now = _standing;
        IReadOnlyList<Operation> ops = job.Request.Definition.Ops;
        string? group = now.GroupIndex is { } index && index < job.Request.Plan.Groups.Count ? job.Request.Plan.Groups[index].Name : null;
        return job.Flow.Read(flow => new JobProgress(
            [.. ops.Select(op => new OpStanding(op.Id, op.GroupName, WordOf(op.Index, flow.OpStates[op.Index], now)))], group));
    }

    private string WordOf(int index, OpState state, Standing now)
    {
        if (now.Pending.TryGetValue(index, out OpCommandKind pending)) return pending == OpCommandKind.Stop ? "stopping" : "restarting";
        switch (now.Progress[index])
        {
            case OpProgress.Ended or OpProgress.EndedUnready:
                return state.Status switch { FlowStatus.Success => "finished", FlowStatus.Failed => "failed", FlowStatus.Stopped => "stopped", _ => "init" };
            case OpProgress.Waiting:
                return now.GroupIndex is null ? "init" : job.Request.Plan.Ops[index].GroupIndex == now.GroupIndex ? "waiting" : "pending";
            default:
                return now.Contexts.GetValueOrDefault(index)?.ContainerId is not null ? "running" : "starting";
        }
    }

    /// <summary>By the loop alone.</summary>
    private void ShowStanding(FlowStep step) => _standing = new Standing(
        [.. _progress],
        _running.ToDictionary(pair => pair.Key, pair => pair.Value.Context),
        _running.Where(pair => pair.Value.Pending is not null).ToDictionary(pair => pair.Key, pair => pair.Value.Pending!.Value),
        step.GroupIndex);

    private sealed record Standing(
        OpProgress[] Progress, Dictionary<int, OpContext> Contexts, Dictionary<int, OpCommandKind> Pending, int? GroupIndex);
}

/// <param name="Ops">In the order of the definition.</param>
/// <param name="Group">The one that runs; null where none does.</param>
internal sealed record JobProgress(IReadOnlyList<OpStanding> Ops, string? Group);

/// <param name="Id">The operation's.</param>
/// <param name="Group">Its group.</param>
/// <param name="Word">init, pending, waiting, starting, running, stopping, restarting, stopped, finished or failed.</param>
internal sealed record OpStanding(string Id, string Group, string Word);
