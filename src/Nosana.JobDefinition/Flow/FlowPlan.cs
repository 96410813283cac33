using Nosana.JobDefinition.Model;

namespace Nosana.JobDefinition.Flow;

/// <summary>The order of a flow: pure and deterministic.</summary>
public sealed class FlowPlan
{
    internal FlowPlan(IReadOnlyList<FlowGroup> groups, IReadOnlyList<PlannedOp> ops)
    {
        Groups = groups;
        Ops = ops;
    }

    /// <summary>Groups in the order they run: first appearance in <c>ops</c>.</summary>
    public IReadOnlyList<FlowGroup> Groups { get; }

    /// <summary>Operations by index.</summary>
    public IReadOnlyList<PlannedOp> Ops { get; }

    /// <summary>Plans the operations of a definition.</summary>
    public static FlowPlanResult Create(Definition definition) => new FlowPlanner(definition.Ops).Plan();

    /// <summary>What is to be done when the operations stand so. Ask again after every change.</summary>
    /// <param name="progress">One entry per operation, by index.</param>
    public FlowStep Next(ReadOnlySpan<OpProgress> progress)
    {
        if (progress.Length != Ops.Count) throw new ArgumentException($"{Ops.Count} operations, {progress.Length} entries", nameof(progress));
        for (int group = 0; group < Groups.Count; group++)
        {
            IReadOnlyList<int> members = Groups[group].Ops;
            bool isThrough = true;
            foreach (int op in members) isThrough &= HasEnded(progress[op]);
            if (!isThrough) return StepWithin(group, progress);
        }
        return new FlowStep(Groups.Count, [], [], [], IsOver: true);
    }

    internal static bool HasDependencies(Definition definition)
    {
        foreach (Operation op in definition.Ops)
            if (op.Execution.DependsOn.Count > 0) return true;
        return false;
    }

    private FlowStep StepWithin(int group, ReadOnlySpan<OpProgress> progress)
    {
        List<int> start = [], stop = [], skip = [];
        foreach (int op in Groups[group].Ops)
        {
            if (HasEnded(progress[op])) continue;
            PlannedOp planned = Ops[op];
            bool allReady = true, anyLost = false, anyServedEnded = false;
            foreach (int dependency in planned.DependsOn)
            {
                OpProgress state = progress[dependency];
                allReady &= state is OpProgress.Ready or OpProgress.Ended;
                anyLost |= state == OpProgress.EndedUnready;
            }
            foreach (int dependent in planned.Dependents) anyServedEnded |= HasEnded(progress[dependent]);
            if (anyServedEnded && planned.Op.Execution.StopIfDependentStops) stop.Add(op);
            else if (progress[op] != OpProgress.Waiting) continue;
            else if (anyLost) skip.Add(op);
            else if (allReady) start.Add(op);
        }
        return new FlowStep(group, start, stop, skip, IsOver: false);
    }

    private static bool HasEnded(OpProgress progress) => progress is OpProgress.Ended or OpProgress.EndedUnready;
}

/// <summary>Operations that run side by side; groups run one after the other.</summary>
/// <param name="Name">Group as written; for operations without one, the first member's id.</param>
/// <param name="Ops">Indices of the members, in the order of the document.</param>
public sealed record FlowGroup(string Name, IReadOnlyList<int> Ops);

/// <summary>One operation's place in the plan.</summary>
/// <param name="Op">The operation; <see cref="Operation.Index"/> is the key everywhere in a plan.</param>
/// <param name="GroupIndex">Position of its group in <see cref="FlowPlan.Groups"/>.</param>
/// <param name="DependsOn">Indices of the operations that must be ready first, all of the same group; no doubles.</param>
/// <param name="Dependents">Indices of the operations that wait for this one.</param>
public sealed record PlannedOp(Operation Op, int GroupIndex, IReadOnlyList<int> DependsOn, IReadOnlyList<int> Dependents);
