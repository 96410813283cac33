using FsCheck;
using FsCheck.Fluent;
using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Model;

namespace Nosana.JobDefinition.Tests.Flow;

/// <summary>Random flows run to their end in random order.</summary>
public class FlowPlanProperties
{
    private const int MostOperations = 9;

    /// <summary>A flow: per operation its group, dependencies as bits over all operations, its stop flag; and a seed for the run.</summary>
    private static readonly Arbitrary<(Operation[] Ops, int Seed)> s_flows = Gen.Choose(0, MostOperations)
        .SelectMany(count => (from groups in Gen.ArrayOf(Gen.Choose(0, 2), count)
                              from dependencies in Gen.ArrayOf(Gen.Choose(0, (1 << count) - 1), count)
                              from sparse in Gen.ArrayOf(Gen.Choose(0, (1 << count) - 1), count)
                              from stops in Gen.ArrayOf(Gen.Elements(true, false), count)
                              from forward in Gen.Elements(true, true, true, false)
                              from seed in Gen.Choose(0, int.MaxValue - 1)
                              select (Ops(groups, dependencies, sparse, stops, forward), seed)))
        .ToArbitrary();

    [Fact]
    public void Create_AnyFlow_HasAPlanExactlyWhenNoOperationWaitsForItself() =>
        Check(flow =>
        {
            FlowPlanResult result = FlowPlan.Create(FlowPlanTests.Definition(flow.Ops));
            Assert.Empty(result.Faults);
            Assert.Equal(HasCircle(flow.Ops), result.Cycles.Count > 0);
        });

    [Fact]
    public void Next_AnyRun_EndsWithEveryOperationAfterItsDependenciesAndAtMostOnce() =>
        Check(flow =>
        {
            if (FlowPlan.Create(FlowPlanTests.Definition(flow.Ops)).Plan is not { } plan) return;
            var started = new List<int>();
            OpProgress[] end = Run(plan, flow.Seed, failures: true, (op, progress) =>
            {
                Assert.All(plan.Ops[op].DependsOn, d => Assert.True(progress[d] is OpProgress.Ready or OpProgress.Ended));
                Assert.All(Enumerable.Range(0, plan.Ops[op].GroupIndex).SelectMany(g => plan.Groups[g].Ops), earlier => Assert.True(progress[earlier] >= OpProgress.Ended));
                started.Add(op);
            });
            Assert.Equal(started.Distinct(), started);
            Assert.All(end, p => Assert.True(p >= OpProgress.Ended));
        });

    [Fact]
    public void Next_AnyRunWithoutFailures_StartsEveryOperationThatNothingStops() =>
        Check(flow =>
        {
            if (FlowPlan.Create(FlowPlanTests.Definition([.. flow.Ops.Select(WithoutStop)])).Plan is not { } plan) return;
            var started = new HashSet<int>();
            Run(plan, flow.Seed, failures: false, (op, _) => started.Add(op));
            Assert.Equal(plan.Ops.Count, started.Count);
        });

    [Fact]
    public void Next_AnEnd_ReachesAllThatServedIt() =>
        Check(flow =>
        {
            if (FlowPlan.Create(FlowPlanTests.Definition([.. flow.Ops.Select(WithStop)])).Plan is not { } plan || plan.Ops.Count == 0) return;
            int first = flow.Seed % plan.Ops.Count;
            var progress = new OpProgress[plan.Ops.Count];
            // Everything before the group is through, everything in it runs; then one ends and only stops are carried out.
            for (int op = 0; op < progress.Length; op++)
                progress[op] = plan.Ops[op].GroupIndex < plan.Ops[first].GroupIndex ? OpProgress.Ended : plan.Ops[op].GroupIndex == plan.Ops[first].GroupIndex ? OpProgress.Ready : OpProgress.Waiting;
            progress[first] = OpProgress.Ended;
            while (plan.Next(progress) is { Stop.Count: > 0 } step && step.GroupIndex == plan.Ops[first].GroupIndex)
                foreach (int op in step.Stop) progress[op] = OpProgress.Ended;
            Assert.All(Reachable(plan, first), op => Assert.Equal(OpProgress.Ended, progress[op]));
            Assert.All(plan.Groups[plan.Ops[first].GroupIndex].Ops.Except(Reachable(plan, first)).Where(op => op != first), op => Assert.Equal(OpProgress.Ready, progress[op]));
        });

    [Fact]
    public void Create_SameFlow_GivesTheSamePlan() =>
        Check(flow =>
        {
            FlowPlanResult one = FlowPlan.Create(FlowPlanTests.Definition(flow.Ops)), other = FlowPlan.Create(FlowPlanTests.Definition(flow.Ops));
            Assert.Equal(one.Plan?.Groups.Select(g => string.Join(',', g.Ops)), other.Plan?.Groups.Select(g => string.Join(',', g.Ops)));
            Assert.Equal(one.Cycles, other.Cycles);
        });

    private static void Check(Action<(Operation[] Ops, int Seed)> property) =>
        Prop.ForAll(s_flows, property).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    /// <summary>Carries steps out, one random change at a time, until the flow is over.</summary>
    private static OpProgress[] Run(FlowPlan plan, int seed, bool failures, Action<int, OpProgress[]> starting)
    {
        var random = new Random(seed);
        var progress = new OpProgress[plan.Ops.Count];
        for (int guard = 0; ; guard++)
        {
            Assert.True(guard < 1000, "the flow does not end");
            FlowStep step = plan.Next(progress);
            if (step.IsOver) return progress;
            foreach (int op in step.Start)
            {
                starting(op, progress);
                progress[op] = OpProgress.Started;
            }
            foreach (int op in step.Skip) progress[op] = OpProgress.EndedUnready;
            foreach (int op in step.Stop) progress[op] = progress[op] == OpProgress.Ready ? OpProgress.Ended : OpProgress.EndedUnready;
            int[] live = [.. Enumerable.Range(0, progress.Length).Where(op => progress[op] is OpProgress.Started or OpProgress.Ready)];
            if (live.Length == 0)
            {
                Assert.True(step.Start.Count + step.Skip.Count + step.Stop.Count > 0, "nothing runs and nothing is to be done");
                continue;
            }
            int changed = live[random.Next(live.Length)];
            progress[changed] = progress[changed] == OpProgress.Ready ? OpProgress.Ended : failures && random.Next(3) == 0 ? OpProgress.EndedUnready : OpProgress.Ready;
        }
    }

    private static Operation[] Ops(int[] groups, int[] dependencies, int[] sparse, bool[] stops, bool forward) =>
        [.. groups.Select((group, op) => FlowPlanTests.Op($"op{op}") with
        {
            Execution = FlowPlanTests.Run(
                group == 0 ? null : $"g{group}",
                stops[op],
                [.. Enumerable.Range(0, groups.Length)
                    .Where(d => d != op && groups[d] == group && (dependencies[op] & sparse[op] & (1 << d)) != 0 && (!forward || d < op))
                    .Select(d => $"op{d}")]),
        })];

    private static Operation WithoutStop(Operation op) => op with { Execution = op.Execution with { StopIfDependentStops = false } };

    private static Operation WithStop(Operation op) => op with { Execution = op.Execution with { StopIfDependentStops = true } };

    /// <summary>Those that it waited for, those that these waited for, and so on.</summary>
    private static HashSet<int> Reachable(FlowPlan plan, int from)
    {
        var reached = new HashSet<int>();
        var open = new Stack<int>(plan.Ops[from].DependsOn);
        while (open.TryPop(out int op))
            if (reached.Add(op))
                foreach (int next in plan.Ops[op].DependsOn) open.Push(next);
        return reached;
    }

    private static bool HasCircle(Operation[] ops)
    {
        var byId = ops.Select((op, index) => (op.Id, index)).ToDictionary(p => p.Id, p => p.index);
        // Who has the flag serves those that it names: they wait for it.
        List<int>[] waitsFor = [.. ops.Select(_ => new List<int>())];
        for (int op = 0; op < ops.Length; op++)
            foreach (int named in ops[op].Execution.DependsOn.Select(id => byId[id]))
                if (ops[op].Execution.StopIfDependentStops) waitsFor[named].Add(op);
                else waitsFor[op].Add(named);
        bool WaitsFor(int op, int target, HashSet<int> seen) => waitsFor[op].Any(d => d == target || (seen.Add(d) && WaitsFor(d, target, seen)));
        return Enumerable.Range(0, ops.Length).Any(op => WaitsFor(op, op, []));
    }
}
