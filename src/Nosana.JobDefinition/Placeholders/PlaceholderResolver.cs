using System.Text.Json.Nodes;
using Nosana.JobDefinition.Arguments;
using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Model;

namespace Nosana.JobDefinition.Placeholders;

/// <summary>Resolves the literals and operators in the arguments of the operation that is about to start.</summary>
public static class PlaceholderResolver
{
    /// <summary>
    /// The typed arguments of a <c>container/run</c>: literals resolved, operators applied, defaults of <c>global</c> merged, ranges of
    /// ports expanded.
    /// </summary>
    /// <param name="definition">The definition, for its <c>global</c>.</param>
    /// <param name="op">A <c>container/run</c> of it.</param>
    /// <param name="scope">Values; <see cref="PlaceholderScope.Job"/> also becomes <c>NOSANA_ID</c>.</param>
    /// <exception cref="PlaceholderException">A literal has no value, or the value does not fit; the operation fails with this message.</exception>
    public static ContainerRunArgs ResolveRun(Definition definition, Operation op, PlaceholderScope scope) =>
        new RunArgsReader(PathOf(op)).Read(Resolve(op, scope), definition.Global, scope.Job);

    /// <summary>The arguments of a <c>container/create-volume</c>.</summary>
    /// <exception cref="PlaceholderException">As for <see cref="ResolveRun"/>.</exception>
    public static CreateVolumeArgs ResolveCreateVolume(Operation op, PlaceholderScope scope) =>
        new(new ArgumentNode(Resolve(op, scope), PathOf(op)).Member("name").RequiredText());

    /// <summary>Literals and operators resolved, still as a tree.</summary>
    /// <exception cref="PlaceholderException">As for <see cref="ResolveRun"/>.</exception>
    public static JsonObject Resolve(Operation op, PlaceholderScope scope) =>
        new Interpolator(scope, PathOf(op)).Resolve(op.Args.ToNode());

    /// <summary>
    /// Literals that can never get a value, found before anything runs: unknown operations, results that nobody extracts or that
    /// come too late, endpoints of ports that are not exposed, variables that do not exist or are empty.
    /// </summary>
    /// <param name="definition">The definition.</param>
    /// <param name="plan">Its plan; null when it has none, and then nothing is said of what comes too late.</param>
    public static IReadOnlyList<DefinitionFault> FindMissingReferences(Definition definition, FlowPlan? plan) => new ReferenceCheck(definition, plan).Run();

    private static string PathOf(Operation op) => op.Path + ".args";
}
