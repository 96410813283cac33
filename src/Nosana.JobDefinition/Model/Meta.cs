namespace Nosana.JobDefinition.Model;

/// <summary>Free notes of whoever posted the job.</summary>
/// <param name="Utf8Json">The whole <c>meta</c> object as written, UTF-8.</param>
public sealed record Meta(ReadOnlyMemory<byte> Utf8Json)
{
    /// <summary>Who posted: <c>cli</c>, <c>dashboard</c>, <c>api</c>, <c>deployment-manager</c> or any text.</summary>
    public string? Trigger { get; init; }

    /// <summary>What the job says it needs; every field null when it says nothing.</summary>
    public SystemRequirements Requirements { get; init; } = SystemRequirements.None;
}
