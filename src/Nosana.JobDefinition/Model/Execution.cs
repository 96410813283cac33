namespace Nosana.JobDefinition.Model;

/// <summary>When an operation runs.</summary>
public sealed record Execution
{
    /// <summary>No group, no dependencies, no limit.</summary>
    public static Execution None { get; } = new();

    /// <summary>Group as written; null when absent or empty.</summary>
    public string? Group { get; init; }

    /// <summary>Ids of the operations that must be ready first.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>Stop this operation as soon as any of <see cref="DependsOn"/> ended.</summary>
    public bool StopIfDependentStops { get; init; }

    /// <summary>Longest running time in seconds; null for none.</summary>
    public double? TimeoutSeconds { get; init; }
}
