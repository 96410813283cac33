using System.Diagnostics.CodeAnalysis;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Model;

namespace Nosana.JobDefinition;

/// <summary>What a document was found to be. Whoever works on a job hands this on: nothing of it is worked out twice.</summary>
/// <param name="Definition">Null exactly when there are <paramref name="Errors"/>.</param>
/// <param name="Plan">The order of its operations; null when it cannot run, and of a strict verdict.</param>
/// <param name="Errors">Why it is not valid, in the official order.</param>
/// <param name="PlanFaults">
/// Why it cannot run all the same: self-, unknown and cross-group dependencies, and literals that can never get a value. Official
/// validators accept these; the official host refuses them before the start. Never of a strict verdict.
/// </param>
/// <param name="Warnings">What is accepted here but not by every official client, or will not do what its author may think.</param>
public sealed record LoadedDefinition(
    Definition? Definition,
    FlowPlan? Plan,
    IReadOnlyList<DefinitionFault> Errors,
    IReadOnlyList<DefinitionFault> PlanFaults,
    IReadOnlyList<DefinitionFault> Warnings)
{
    /// <summary>The verdict: no <see cref="Errors"/>.</summary>
    [MemberNotNullWhen(true, nameof(Definition))]
    public bool IsValid => Definition is not null;

    /// <summary>Valid, and planned without a fault.</summary>
    [MemberNotNullWhen(true, nameof(Definition), nameof(Plan))]
    public bool CanRun => Definition is not null && Plan is not null;

    /// <summary>All that is wrong; empty when it can run, or when a strict verdict accepts it.</summary>
    public IReadOnlyList<DefinitionFault> Faults => [.. Errors, .. PlanFaults];
}
