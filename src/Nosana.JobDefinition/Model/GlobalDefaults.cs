namespace Nosana.JobDefinition.Model;

/// <summary>The definition's <c>global</c>. Its values are not subject to placeholders.</summary>
public sealed record GlobalDefaults
{
    /// <summary>Accepted and without effect: every operation names its own image.</summary>
    public string? Image { get; init; }

    /// <summary>OR-ed with the operation's flag.</summary>
    public bool Gpu { get; init; }

    /// <summary>Used when the operation has none or an empty one; null when absent.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>Merged below the operation's own.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>Used when the operation has none or an empty one.</summary>
    public string? WorkDir { get; init; }

    /// <summary>Values of <c>%%global.variables.NAME%%</c>.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();
}
