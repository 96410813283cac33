namespace Nosana.JobDefinition.Model;

/// <summary>One operation of a definition.</summary>
public sealed record Operation
{
    /// <summary>Position in <see cref="Definition.Ops"/>, counting every type.</summary>
    public required int Index { get; init; }

    /// <summary>Unique in the definition.</summary>
    public required string Id { get; init; }

    /// <summary>What the operation does.</summary>
    public required OperationType Type { get; init; }

    /// <summary>Arguments as written, placeholders included.</summary>
    public required OperationArgs Args { get; init; }

    /// <summary>Patterns to extract from the log, in the order of the document; empty when none.</summary>
    public IReadOnlyList<ResultPattern> Results { get; init; } = [];

    /// <summary>Group, dependencies and limits.</summary>
    public Execution Execution { get; init; } = Execution.None;

    /// <summary>The group's name in op states: <see cref="Execution.Group"/>, else the op's own id.</summary>
    public string GroupName => Execution.Group ?? Id;

    /// <summary>Where this operation stands in the document, such as <c>$input.ops[2]</c>.</summary>
    public string Path => $"$input.ops[{Index}]";
}

/// <summary>What an operation does.</summary>
public enum OperationType
{
    /// <summary><c>container/run</c>.</summary>
    ContainerRun,

    /// <summary><c>container/create-volume</c>.</summary>
    ContainerCreateVolume,
}

/// <summary>One entry of an operation's <c>results</c>.</summary>
/// <param name="Name">Key under which the matches are stored.</param>
/// <param name="Regex">Pattern in JavaScript's syntax, without flags.</param>
/// <param name="LogTypes">Log types to search (<c>stdin</c>, <c>stdout</c>, <c>stderr</c>, <c>nodeerr</c>); null for all.</param>
public sealed record ResultPattern(string Name, string Regex, IReadOnlyList<string>? LogTypes);
