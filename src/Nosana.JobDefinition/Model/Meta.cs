using System.Text.Json;

namespace Nosana.JobDefinition.Model;

/// <summary>Free notes of whoever posted the job.</summary>
public sealed record Meta
{
    /// <summary>Who posted: <c>cli</c>, <c>dashboard</c>, <c>api</c>, <c>deployment-manager</c> or any text.</summary>
    public string? Trigger { get; init; }

    /// <summary>What the job says it needs; every field null when it says nothing.</summary>
    public SystemRequirements Requirements { get; init; } = SystemRequirements.None;

    /// <summary>The whole <c>meta</c> object.</summary>
    public JsonElement Json { get; init; }
}
