namespace Nosana.JobDefinition.Placeholders;

/// <summary>What placeholders stand for at one moment of a flow. A snapshot: results appear in a later one.</summary>
public sealed record PlaceholderScope
{
    /// <summary><c>%%global.job%%</c>: job address (or local flow id).</summary>
    public required string Job { get; init; }

    /// <summary><c>%%global.host%%</c>: this host's address.</summary>
    public required string Host { get; init; }

    /// <summary><c>%%global.project%%</c>; null: unresolved.</summary>
    public string? Project { get; init; }

    /// <summary><c>%%global.frps_address%%</c>: domain of the tunnel server; null: unresolved.</summary>
    public string? FrpsAddress { get; init; }

    /// <summary><c>%%global.version%%</c>: of this host's program; null: unresolved.</summary>
    public string? Version { get; init; }

    /// <summary><c>%%global.variables.NAME%%</c>.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Values of operations by id.</summary>
    public IReadOnlyDictionary<string, OperationValues> Ops { get; init; } = new Dictionary<string, OperationValues>();
}
