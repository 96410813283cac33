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

/// <summary>
/// <c>meta.system_requirements</c> (and <c>meta.system_resources</c>), read leniently: nothing validates these keys,
/// so a value of another form counts as absent.
/// </summary>
public sealed record SystemRequirements
{
    /// <summary>Nothing required.</summary>
    public static SystemRequirements None { get; } = new();

    /// <summary>Sum over all GPUs, MiB.</summary>
    public double? VramTotalMb { get; init; }

    /// <summary>On one GPU, GB (1 GB = 1024 MiB).</summary>
    public double? RequiredVramGb { get; init; }

    /// <summary>CUDA versions of which the host must offer one, such as <c>12.8</c>; empty when none is named.</summary>
    public IReadOnlyList<string> RequiredCuda { get; init; } = [];
}
