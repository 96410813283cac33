using System.Globalization;

namespace Nosana.Node.Jobs.Admission;

/// <summary>What a job asks of the slot's GPUs.</summary>
/// <param name="VramTotalMb">MiB over all the slot's GPUs together; null or 0 asks nothing.</param>
/// <param name="RequiredVramGb">GB (1 GB = 1024 MiB) on one GPU; null or 0 asks nothing.</param>
/// <param name="RequiredCuda">Versions such as <c>12.8</c>, of which one suffices; empty asks nothing.</param>
/// <param name="NeedsGpu">An operation asks for a GPU.</param>
internal sealed record GpuRequirements(double? VramTotalMb, double? RequiredVramGb, IReadOnlyList<string> RequiredCuda, bool NeedsGpu)
{
    private const int MibPerGb = 1024;

    public static GpuRequirements None { get; } = new(null, null, [], false);

    public bool AsksForVram => VramTotalMb > 0 || RequiredVramGb > 0;

    /// <summary><see cref="RequiredVramGb"/> in MiB.</summary>
    public double? RequiredVramMib => RequiredVramGb * MibPerGb;

    /// <summary>An amount for a person.</summary>
    public static string Mib(double mib) => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(mib):0} MiB");

    /// <summary>In words, as refusals have it.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (VramTotalMb > 0) parts.Add($"{Mib(VramTotalMb.Value)} of VRAM");
        if (RequiredVramMib is > 0 and { } single) parts.Add($"{Mib(single)} of VRAM on one GPU");
        if (RequiredCuda.Count > 0) parts.Add($"CUDA {string.Join(" or ", RequiredCuda)}");
        return parts.Count == 0 ? "a GPU" : string.Join(" and ", parts);
    }
}
