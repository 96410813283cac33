using System.Diagnostics.CodeAnalysis;
using Nosana.JobDefinition.Faults;

namespace Nosana.JobDefinition.Flow;

/// <summary>A plan, or why there is none.</summary>
/// <param name="Plan">Null exactly when <paramref name="Faults"/> or <paramref name="Cycles"/> is not empty.</param>
/// <param name="Faults">Duplicate ids, self-, unknown and cross-group dependencies; each with its path.</param>
/// <param name="Cycles">Dependencies that close a circle; each with its path. No official client refuses these: they would wait for ever.</param>
public sealed record FlowPlanResult(FlowPlan? Plan, IReadOnlyList<DefinitionFault> Faults, IReadOnlyList<DefinitionFault> Cycles)
{
    /// <summary>No faults.</summary>
    [MemberNotNullWhen(true, nameof(Plan))]
    public bool IsValid => Plan is not null;

    /// <summary>All faults.</summary>
    public IReadOnlyList<DefinitionFault> All => [.. Faults, .. Cycles];
}
