using Nosana.Gpu;

namespace Nosana.Node.Gpus;

/// <summary>A slot's GPUs at one moment.</summary>
internal sealed record GpuSlotSnapshot
{
    public required IReadOnlyList<GpuDevice> Gpus { get; init; }

    public CudaVersion? CudaVersion { get; init; }

    /// <summary>Why no GPU could be looked for, or null.</summary>
    public string? Absence { get; init; }

    /// <summary>
    /// What of the slot is missing or does not answer, a sentence each. Not empty: the slot is not whole, which is the host's fault and no job's.
    /// </summary>
    public IReadOnlyList<string> Sick { get; init; } = [];

    /// <summary>A slot of the CPU alone, and why.</summary>
    public static GpuSlotSnapshot None(string reason) => new() { Gpus = [], Absence = reason };
}
