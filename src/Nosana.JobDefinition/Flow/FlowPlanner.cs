using System.Globalization;
using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Model;

namespace Nosana.JobDefinition.Flow;

/// <summary>Builds a plan and finds what makes one impossible.</summary>
internal sealed class FlowPlanner(IReadOnlyList<Operation> ops)
{
    private const int MostNames = 10;

    public const string NoCircle = "no circle of dependencies";
    public const string FewerSideBySide = "fewer containers in the group";

    private readonly FaultList _faults = new();
    private readonly FaultList _cycles = new();
    private readonly Dictionary<string, int> _byId = new(StringComparer.Ordinal);

    /// <summary>Who waits for whom, and the first place in the document that says so: either of the two operations may.</summary>
    private readonly Dictionary<(int Waiting, int For), string> _declared = [];

    public FlowPlanResult Plan()
    {
        foreach (Operation op in ops)
            if (!_byId.TryAdd(op.Id, op.Index) && _faults.TakesOrCounts())
                _faults.Add(new DefinitionFault($"{op.Path}.id", "a unique id", Quote(op.Id), $"the id '{op.Id}' is used by {ops[_byId[op.Id]].Path} already"));

        List<int>[] dependsOn = Dependencies();
        FindCycles(dependsOn);
        IReadOnlyList<DefinitionFault> faults = _faults.Read(), cycles = _cycles.Read();
        if (faults.Count > 0 || cycles.Count > 0) return new FlowPlanResult(null, faults, cycles);

        int[] groupOf = AssignGroups(dependsOn, out List<FlowGroup> groups);
        if (groups.Select(TooManySideBySide).OfType<DefinitionFault>().ToList() is { Count: > 0 } crowded) return new FlowPlanResult(null, crowded, []);
        List<int>[] dependents = DependentsOf(dependsOn);
        PlannedOp[] planned = [.. ops.Select(op => new PlannedOp(op, groupOf[op.Index], dependsOn[op.Index], dependents[op.Index]))];
        return new FlowPlanResult(new FlowPlan(groups, planned), [], []);
    }

    private DefinitionFault? TooManySideBySide(FlowGroup group)
    {
        const int Most = DefinitionLimits.MaxSideBySide;
        List<int> containers = [.. group.Ops.Where(index => ops[index].Type == OperationType.ContainerRun)];
        if (containers.Count <= Most) return null;
        string text = string.Create(CultureInfo.InvariantCulture,
            $"is one container too many in its group, whose containers run side by side: it has {containers.Count}, and may have {Most}");
        return new DefinitionFault(ops[containers[Most]].Path, FewerSideBySide, null, text);
    }

    /// <summary>
    /// Whom each operation waits for, as far as that can be met and without doubles. What an operation names it waits for, unless it has
    /// <c>stop_if_dependent_stops</c>: then it serves those that it names, and they wait for it, as on the official host.
    /// </summary>
    private List<int>[] Dependencies()
    {
        List<int>[] dependsOn = [.. ops.Select(_ => new List<int>())];
        foreach (Operation op in ops)
        {
            for (int i = 0; i < op.Execution.DependsOn.Count; i++)
            {
                string id = op.Execution.DependsOn[i];
                int named = _byId.GetValueOrDefault(id, -1);
                if (id != op.Id && named >= 0 && ops[named].Execution.Group == op.Execution.Group)
                {
                    (int waiting, int on) = op.Execution.StopIfDependentStops ? (named, op.Index) : (op.Index, named);
                    if (_declared.TryAdd((waiting, on), PathOf(op, i))) dependsOn[waiting].Add(on);
                }
                else if (_faults.TakesOrCounts())
                {
                    _faults.Add(new DefinitionFault(PathOf(op, i), "an operation of the same group", Quote(id), WhyNot(op, id, named)));
                }
            }
        }
        return dependsOn;
    }

    private List<int>[] DependentsOf(List<int>[] dependsOn)
    {
        List<int>[] dependents = [.. ops.Select(_ => new List<int>())];
        for (int op = 0; op < ops.Count; op++)
            foreach (int dependency in dependsOn[op]) dependents[dependency].Add(op);
        return dependents;
    }

    private string WhyNot(Operation op, string id, int dependency) =>
        id == op.Id ? $"operation '{op.Id}' cannot depend on itself"
        : dependency < 0 ? $"operation '{op.Id}' depends on '{id}', which does not exist{NearestKey.Hint(id, _byId.Keys)}"
        : $"operation '{op.Id}' ({GroupText(op)}) depends on '{id}' ({GroupText(ops[dependency])}); dependencies must be of the same group";

    /// <summary>Takes away, again and again, what depends on nothing that is left; what cannot be taken waits for itself.</summary>
    private void FindCycles(List<int>[] dependsOn)
    {
        int[] open = [.. dependsOn.Select(d => d.Count)];
        List<int>[] dependents = DependentsOf(dependsOn);
        var free = new Queue<int>(Enumerable.Range(0, ops.Count).Where(op => open[op] == 0));
        while (free.TryDequeue(out int op))
            foreach (int dependent in dependents[op])
                if (--open[dependent] == 0) free.Enqueue(dependent);

        bool[] reported = new bool[ops.Count];
        for (int op = 0; op < ops.Count; op++)
        {
            if (open[op] <= 0 || reported[op]) continue;
            List<int> circle = Walk(op, dependsOn, open, reported);
            if (circle.Count == 0 || !_cycles.TakesOrCounts()) continue;
            (Operation first, Operation next) = (ops[circle[0]], ops[circle[1 % circle.Count]]);
            string shown = string.Join(" -> ", circle.Take(MostNames).Select(i => $"'{ops[i].Id}'"));
            string names = $"{shown}{(circle.Count > MostNames ? " -> ..." : "")} -> '{first.Id}'";
            string path = _declared[(first.Index, next.Index)];
            string found = Quote(path.StartsWith($"{first.Path}.", StringComparison.Ordinal) ? next.Id : first.Id);
            _cycles.Add(new DefinitionFault(path, NoCircle, found, $"these operations wait for each other: {names}"));
        }
    }

    /// <summary>Follows unresolved dependencies from one operation until one comes up twice; empty when that circle is known already.</summary>
    private static List<int> Walk(int from, List<int>[] dependsOn, int[] open, bool[] reported)
    {
        var path = new List<int>();
        var position = new Dictionary<int, int>();
        for (int at = from; ;)
        {
            if (position.TryGetValue(at, out int start))
            {
                foreach (int op in path) reported[op] = true;
                return path[start..];
            }
            if (reported[at])
            {
                foreach (int op in path) reported[op] = true;
                return [];
            }
            position[at] = path.Count;
            path.Add(at);
            at = dependsOn[at].First(d => open[d] > 0);
        }
    }

    /// <summary>
    /// A group is what is written; an operation without one runs alone, except that operations without a group which depend on
    /// each other run together: one waits for the other to be ready, not for its end.
    /// </summary>
    private int[] AssignGroups(List<int>[] dependsOn, out List<FlowGroup> groups)
    {
        int[] root = [.. Enumerable.Range(0, ops.Count)];
        int Root(int op)
        {
            while (root[op] != op) op = root[op] = root[root[op]];
            return op;
        }
        void Join(int a, int b)
        {
            (a, b) = (Root(a), Root(b));
            root[Math.Max(a, b)] = Math.Min(a, b);
        }
        var firstOfGroup = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Operation op in ops)
        {
            if (!firstOfGroup.TryAdd(op.GroupName, op.Index)) Join(firstOfGroup[op.GroupName], op.Index);
            foreach (int dependency in dependsOn[op.Index]) Join(dependency, op.Index);
        }

        int[] groupOf = new int[ops.Count];
        var members = new List<List<int>>();
        foreach (Operation op in ops)
        {
            int first = Root(op.Index);
            if (first == op.Index)
            {
                groupOf[first] = members.Count;
                members.Add([]);
            }
            groupOf[op.Index] = groupOf[first];
            members[groupOf[first]].Add(op.Index);
        }
        groups = [.. members.Select(m => new FlowGroup(ops[m[0]].GroupName, m))];
        return groupOf;
    }

    private static string PathOf(Operation op, int dependency) => $"{op.Path}.execution.depends_on[{dependency}]";

    private static string GroupText(Operation op) => op.Execution.Group is { } group ? $"group '{group}'" : "no group";

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text, DefinitionJsonContext.Default.String);
}
