using Nosana.JobDefinition.Model;

namespace Nosana.JobDefinition.Flow;

/// <summary>One operation's place in the plan.</summary>
/// <param name="Op">The operation; <see cref="Operation.Index"/> is the key everywhere in a plan.</param>
/// <param name="GroupIndex">Position of its group in <see cref="FlowPlan.Groups"/>.</param>
/// <param name="DependsOn">Indices of the operations that must be ready first, all of the same group; no doubles.</param>
/// <param name="Dependents">Indices of the operations that wait for this one.</param>
public sealed record PlannedOp(Operation Op, int GroupIndex, IReadOnlyList<int> DependsOn, IReadOnlyList<int> Dependents);
