namespace Nosana.JobDefinition.Model;

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
