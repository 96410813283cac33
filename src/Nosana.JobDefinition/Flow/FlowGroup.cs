namespace Nosana.JobDefinition.Flow;

/// <summary>Operations that run side by side; groups run one after the other.</summary>
/// <param name="Name">Group as written; for operations without one, the first member's id.</param>
/// <param name="Ops">Indices of the members, in the order of the document.</param>
public sealed record FlowGroup(string Name, IReadOnlyList<int> Ops);
