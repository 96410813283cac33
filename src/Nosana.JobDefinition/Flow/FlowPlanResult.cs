using System.Diagnostics.CodeAnalysis;
using Nosana.JobDefinition.Reading;

namespace Nosana.JobDefinition.Flow;

/// <summary>A plan, or why there is none.</summary>
/// <param name="Plan">Null exactly when <paramref name="Faults"/> is not empty.</param>
/// <param name="Faults">Duplicate ids, self-, unknown and cross-group dependencies, cycles; each with its path.</param>
public sealed record FlowPlanResult(FlowPlan? Plan, IReadOnlyList<DefinitionFault> Faults)
{
    /// <summary>No faults.</summary>
    [MemberNotNullWhen(true, nameof(Plan))]
    public bool IsValid => Plan is not null;
}
