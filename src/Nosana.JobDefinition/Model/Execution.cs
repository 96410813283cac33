namespace Nosana.JobDefinition.Model;

/// <summary>When an operation runs.</summary>
public sealed record Execution
{
    /// <summary>No group, no dependencies, no limit.</summary>
    public static Execution None { get; } = new();

    /// <summary>Group as written; null when absent or empty.</summary>
    public string? Group { get; init; }

    /// <summary>Ids of the operations that must be ready first; with <see cref="StopIfDependentStops"/> of those that wait for this one.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>
    /// This operation serves others: those that it names in <see cref="DependsOn"/> and those that name it. It starts first, they wait for it,
    /// and it is stopped as soon as one of them has ended.
    /// </summary>
    public bool StopIfDependentStops { get; init; }

    /// <summary>Longest running time of its container in seconds; null for none.</summary>
    public double? TimeoutSeconds { get; init; }
}
