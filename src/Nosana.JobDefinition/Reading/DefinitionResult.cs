using System.Diagnostics.CodeAnalysis;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Model;

namespace Nosana.JobDefinition.Reading;

/// <summary>The outcome of reading one document.</summary>
/// <param name="Definition">The definition, null exactly when <paramref name="Errors"/> is not empty.</param>
/// <param name="Errors">All faults, in the official order.</param>
/// <param name="Warnings">What is accepted here but not by every official client, or will not do what its author may think.</param>
public sealed record DefinitionResult(
    Definition? Definition,
    IReadOnlyList<DefinitionFault> Errors,
    IReadOnlyList<DefinitionFault> Warnings)
{
    /// <summary>
    /// Why a definition that is valid otherwise cannot run: self-, unknown and cross-group dependencies. Official validators accept these and the
    /// official host refuses them before the start (status <c>init error</c>). Always empty in strict mode.
    /// </summary>
    public IReadOnlyList<DefinitionFault> PlanFaults => Plan?.Faults ?? [];

    /// <summary>The plan, or why there is none; null when there was no need of one for the verdict.</summary>
    internal FlowPlanResult? Plan { get; init; }

    /// <summary>No errors.</summary>
    [MemberNotNullWhen(true, nameof(Definition))]
    public bool IsValid => Definition is not null;
}
