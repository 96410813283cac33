using System.Text.Json;
using Nosana.JobDefinition.Model;

namespace Nosana.Node.Jobs;

/// <summary>
/// What a definition may ask for and this host does not do yet. Such a job is refused whatever else is admitted: without its files, or with a
/// secret result in the open, it would be another job than its author wrote. A branch goes when the part is there, the class with the last one.
/// </summary>
internal static class MissingSupport
{
    /// <returns>What is missing, for a person; null when nothing is.</returns>
    public static string? Of(Definition definition)
    {
        string[] ops = [.. definition.Ops.Where(HasResources).Select(op => $"'{op.Id}'")];
        if (ops.Length > 0)
            return $"The job needs remote resources (S3, Hugging Face or Ollama; operation {string.Join(", ", ops)}), which this version cannot fetch yet. A job without args.resources is taken.";
        if (definition.Logistics is not null)
            return "The job is confidential (logistics): its definition or its result goes past IPFS, which this version cannot do yet. A job without logistics is taken.";
        return null;
    }

    private static bool HasResources(Operation op) =>
        op.Type == OperationType.ContainerRun && op.Args.Element.TryGetProperty("resources", out JsonElement resources)
        && resources.ValueKind switch
        {
            JsonValueKind.Null => false,
            JsonValueKind.Array => resources.GetArrayLength() > 0,
            _ => true,
        };
}
