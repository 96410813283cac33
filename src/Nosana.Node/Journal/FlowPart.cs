using Dapper;

namespace Nosana.Node.Journal;

/// <summary>A part of a run's flow that changes on its own, so that a change writes no more than itself.</summary>
/// <param name="Name">Unique in the run; what it stands for is the writer's matter.</param>
/// <param name="Json">UTF-8.</param>
[method: ExplicitConstructor]
internal sealed record FlowPart(string Name, byte[] Json);
