using Nosana.JobDefinition.Model;

namespace Nosana.JobDefinition.Flow;

/// <summary>The order of a flow: pure and deterministic.</summary>
public sealed class FlowPlan
{
    private FlowPlan(IReadOnlyList<FlowGroup> groups, IReadOnlyList<PlannedOp> ops)
    {
        Groups = groups;
        Ops = ops;
    }

    /// <summary>Groups in the order they run: first appearance in <c>ops</c>.</summary>
    public IReadOnlyList<FlowGroup> Groups { get; }

    /// <summary>Operations by index.</summary>
    public IReadOnlyList<PlannedOp> Ops { get; }

    /// <summary>Plans the operations of a definition.</summary>
    public static FlowPlanResult Create(Definition definition) => throw new NotImplementedException();

    /// <summary>What is to be done when the operations stand so. Ask again after every change.</summary>
    /// <param name="progress">One entry per operation, by index.</param>
    public FlowStep Next(ReadOnlySpan<OpProgress> progress) => throw new NotImplementedException();
}
