using Nosana.JobDefinition.Model;

namespace Nosana.Node.Jobs.Admission;

/// <summary>
/// What a definition may ask for and this host does not do yet. Such a job is refused whatever else is admitted: with memory that the host can read, it
/// would be another job than its author wrote. A branch goes when the part is there, the class with the last one.
/// </summary>
internal static class MissingSupport
{
    /// <returns>What is missing, for a person; null when nothing is.</returns>
    public static string? Of(Definition definition) => definition.Ops.FirstOrDefault(op => op.Args.WantsTrustedExecution) is { } trusted
        ? $"Operation '{trusted.Id}' asks for a trusted execution environment (trusted_execution_env), and this host has none. "
            + "A job without it is taken."
        : null;
}
