using Nosana.JobDefinition.Documents;
using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Model;

namespace Nosana.JobDefinition.Tests.Flow;

public class FlowPlanTests
{
    [Fact]
    public void Create_Groups_RunInOrderOfFirstAppearance()
    {
        FlowPlan plan = Plan(Op("a", "g"), Op("b"), Op("c", "g"), Op("d", "h"));

        Assert.Equal(["g", "b", "h"], plan.Groups.Select(g => g.Name));
        Assert.Equal([[0, 2], [1], [3]], plan.Groups.Select(g => g.Ops));
    }

    [Fact]
    public void Create_GroupNamedLikeAnUngroupedOperation_IsOneGroup() => Assert.Equal([[0, 1]], Plan(Op("a"), Op("b", "a")).Groups.Select(g => g.Ops));

    [Fact]
    public void Create_UngroupedOperationsThatDependOnEachOther_RunTogether()
    {
        FlowPlan plan = Plan(Op("client", null, "server"), Op("x"), Op("server"));

        Assert.Equal([[0, 2], [1]], plan.Groups.Select(g => g.Ops));
        Assert.Equal([2], plan.Next([OpProgress.Waiting, OpProgress.Waiting, OpProgress.Waiting]).Start);
    }

    [Fact]
    public void Create_DependencyTwice_CountsOnce()
    {
        FlowPlan plan = Plan(Op("a", "g"), Op("b", "g", "a", "a"));

        Assert.Equal([0], plan.Ops[1].DependsOn);
        Assert.Equal([1], plan.Ops[0].Dependents);
    }

    [Fact]
    public void Create_Faults_AreListedWithTheirPaths()
    {
        FlowPlanResult result = FlowPlan.Create(Definition(Op("a", "g", "a", "zz"), Op("b", "h", "a"), Op("b", "h")));

        Assert.Null(result.Plan);
        Assert.Equal(
            ["$input.ops[2].id", "$input.ops[0].execution.depends_on[0]", "$input.ops[0].execution.depends_on[1]", "$input.ops[1].execution.depends_on[0]"],
            result.Faults.Select(f => f.Path));
    }

    [Fact]
    public void Create_MoreContainersThanMayRunSideBySide_NamesTheFirstThatIsTooMany()
    {
        static Operation[] Group(int containers) => [.. Enumerable.Range(0, containers).Select(i => Op($"{i}", "g"))];

        Assert.NotNull(FlowPlan.Create(Definition([.. Group(DefinitionLimits.MaxSideBySide), Op("alone")])).Plan);

        FlowPlanResult result = FlowPlan.Create(Definition(Group(DefinitionLimits.MaxSideBySide + 1)));
        Assert.Null(result.Plan);
        Assert.Equal(
            ("$input.ops[64]", "is one container too many in its group, whose containers run side by side: it has 65, and may have 64"),
            (Assert.Single(result.Faults).Path, result.Faults[0].Message));
    }

    [Fact]
    public void Create_TwoCircles_AreReportedOnceEach()
    {
        FlowPlanResult result = FlowPlan.Create(Definition(
            Op("in", "g", "a"), Op("a", "g", "b"), Op("b", "g", "a"), Op("c", "g", "d"), Op("d", "g", "c"), Op("free", "g")));

        Assert.Equal(["$input.ops[1].execution.depends_on[0]", "$input.ops[3].execution.depends_on[0]"], result.Cycles.Select(f => f.Path));
        Assert.Contains("'a' -> 'b' -> 'a'", result.Cycles[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_Dependent_StartsWhenAllItsDependenciesAreReady()
    {
        FlowPlan plan = Plan(Op("a", "g"), Op("b", "g"), Op("c", "g", "a", "b"));

        Assert.Equal([0, 1], plan.Next([OpProgress.Waiting, OpProgress.Waiting, OpProgress.Waiting]).Start);
        Assert.Empty(plan.Next([OpProgress.Ready, OpProgress.Started, OpProgress.Waiting]).Start);
        Assert.Equal([2], plan.Next([OpProgress.Ready, OpProgress.Ready, OpProgress.Waiting]).Start);
        Assert.Empty(plan.Next([OpProgress.Ready, OpProgress.Ready, OpProgress.Started]).Start);
        Assert.Equal([2], plan.Next([OpProgress.Ended, OpProgress.Ready, OpProgress.Waiting]).Start);
    }

    [Fact]
    public void Next_DependencyThatNeverWasReady_SkipsItsDependents()
    {
        FlowPlan plan = Plan(Op("a", "g"), Op("b", "g", "a"), Op("c", "g", "b"));

        Assert.Equal([1], plan.Next([OpProgress.EndedUnready, OpProgress.Waiting, OpProgress.Waiting]).Skip);
        Assert.Equal([2], plan.Next([OpProgress.EndedUnready, OpProgress.EndedUnready, OpProgress.Waiting]).Skip);
        Assert.True(plan.Next([OpProgress.EndedUnready, OpProgress.EndedUnready, OpProgress.EndedUnready]).IsOver);
    }

    [Fact]
    public void Next_ServerNamesItsClient_StartsFirstAndTheClientWaitsForIt()
    {
        FlowPlan plan = Plan(Op("client", "pair"), Server("server", "client"));

        Assert.Equal([1], plan.Ops[0].DependsOn);
        Assert.Equal([1], plan.Next([OpProgress.Waiting, OpProgress.Waiting]).Start);
        Assert.Empty(plan.Next([OpProgress.Waiting, OpProgress.Started]).Start);
        Assert.Equal([0], plan.Next([OpProgress.Waiting, OpProgress.Ready]).Start);
    }

    [Theory]
    [InlineData(OpProgress.Ended)]
    [InlineData(OpProgress.EndedUnready)]
    public void Next_ClientEnded_StopsTheServerOnWhicheverSideTheyAreDeclared(OpProgress ended)
    {
        foreach (FlowPlan plan in (FlowPlan[])
            [
                Plan(Op("client", "pair"), Server("server", "client")),
                Plan(Op("client", "pair", "server"), Server("server")),
                Plan(Op("client", "pair", "server"), Server("server", "client")),
            ])
        {
            Assert.Equal([1], plan.Ops[0].DependsOn);
            Assert.Equal([0], plan.Ops[1].Dependents);
            Assert.Equal([1], plan.Next([ended, OpProgress.Ready]).Stop);
            Assert.Empty(plan.Next([OpProgress.Ready, OpProgress.Ready]).Stop);
        }
    }

    [Fact]
    public void Next_OneOfTwoClientsEnded_StopsTheServer()
    {
        FlowPlan plan = Plan(Server("server", "a", "b"), Op("a", "pair"), Op("b", "pair"));

        Assert.Equal([1, 2], plan.Next([OpProgress.Ready, OpProgress.Waiting, OpProgress.Waiting]).Start);
        Assert.Equal([0], plan.Next([OpProgress.Ready, OpProgress.Ended, OpProgress.Ready]).Stop);
    }

    [Fact]
    public void Next_ServerWithoutTheFlag_OutlivesItsClient()
    {
        FlowPlan plan = Plan(Op("client", "pair", "server"), Op("server", "pair"));

        Assert.Empty(plan.Next([OpProgress.Ended, OpProgress.Ready]).Stop);
    }

    [Fact]
    public void Create_Circles_AreThoseOfTheTurnedDirection()
    {
        // Both name the other, and mean the same: the client waits for the server.
        Assert.True(FlowPlan.Create(Definition(Op("client", "pair", "server"), Server("server", "client"))).IsValid);

        FlowPlanResult result = FlowPlan.Create(Definition(Server("a", "b"), Server("b", "a")));

        Assert.Equal(("$input.ops[1].execution.depends_on[0]", "\"a\""), (Assert.Single(result.Cycles).Path, result.Cycles[0].Found));
        Assert.Contains("'a' -> 'b' -> 'a'", result.Cycles[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Next_GroupThrough_StartsTheNext()
    {
        FlowPlan plan = Plan(Op("a"), Op("b"));

        Assert.Equal([1], plan.Next([OpProgress.Ended, OpProgress.Waiting]).Start);
        Assert.Empty(plan.Next([OpProgress.Ready, OpProgress.Waiting]).Start);
    }

    [Fact]
    public void Next_NoOperations_IsOver() => Assert.True(Plan().Next([]).IsOver);

    internal static Operation Op(string id, string? group = null, params string[] dependsOn) =>
        new() { Index = 0, Id = id, Type = OperationType.ContainerRun, Args = new OperationArgs("{}"u8.ToArray()), Execution = Run(group, false, dependsOn) };

    private static Operation Server(string id, params string[] serves) => Op(id, "pair") with { Execution = Run("pair", true, serves) };

    internal static Execution Run(string? group, bool stops, params string[] dependsOn) =>
        new() { Group = group, DependsOn = dependsOn, StopIfDependentStops = stops };

    internal static Definition Definition(params Operation[] ops) =>
        new() { Version = "0.1", Json = default, Ops = [.. ops.Select((op, index) => op with { Index = index })] };

    private static FlowPlan Plan(params Operation[] ops)
    {
        FlowPlanResult result = FlowPlan.Create(Definition(ops));
        Assert.True(result.IsValid, string.Join("; ", result.All));
        return result.Plan;
    }
}
