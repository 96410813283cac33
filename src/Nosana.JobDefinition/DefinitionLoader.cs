using Nosana.JobDefinition.Faults;
using Nosana.JobDefinition.Flow;
using Nosana.JobDefinition.Placeholders;
using Nosana.JobDefinition.Reading;
using Nosana.JobDefinition.Validation;

namespace Nosana.JobDefinition;

/// <summary>
/// From a document to something that can run: read, validated and planned, once. Never throws for what a document says: every fault is
/// listed with its place, before anything runs.
/// </summary>
public static class DefinitionLoader
{
    /// <summary>Loads a JSON document.</summary>
    /// <param name="utf8Json">The document; the result keeps it, so it must not change afterwards.</param>
    /// <param name="mode">Whose verdict; what <see cref="ValidationMode.Strict"/> accepts is not planned.</param>
    public static LoadedDefinition Load(ReadOnlyMemory<byte> utf8Json, ValidationMode mode = ValidationMode.Union) =>
        Plan(DefinitionReader.Read(utf8Json, mode), mode);

    /// <summary>Loads by the name's extension: <c>.yaml</c> and <c>.yml</c> as YAML, everything else as JSON.</summary>
    public static LoadedDefinition LoadFile(string fileName, ReadOnlyMemory<byte> content, ValidationMode mode = ValidationMode.Union) =>
        Plan(DefinitionReader.ReadFile(fileName, content, mode), mode);

    private static LoadedDefinition Plan(DefinitionResult read, ValidationMode mode)
    {
        var loaded = new LoadedDefinition(read.Definition, null, read.Errors, read.PlanFaults, read.Warnings);
        if (!read.IsValid || mode == ValidationMode.Strict) return loaded;
        FlowPlanResult plan = read.Plan ?? FlowPlan.Create(read.Definition);
        IReadOnlyList<DefinitionFault> faults = [.. plan.Faults, .. PlaceholderResolver.FindMissingReferences(read.Definition, plan.Plan)];
        return loaded with { Plan = faults.Count == 0 ? plan.Plan : null, PlanFaults = faults };
    }
}
