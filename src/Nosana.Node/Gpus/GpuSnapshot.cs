using Nosana.Gpu;

namespace Nosana.Node.Gpus;

/// <summary>The machine's GPUs at one moment.</summary>
internal sealed record GpuSnapshot
{
    public required IReadOnlyList<GpuDevice> Gpus { get; init; }

    /// <summary>GPUs that the driver lists and cannot talk to.</summary>
    public IReadOnlyList<GpuFault> Faults { get; init; } = [];

    public string? DriverVersion { get; init; }

    /// <summary>The newest CUDA that the driver runs; null without a driver.</summary>
    public CudaVersion? CudaVersion { get; init; }

    /// <summary>Why no GPU could be looked for; null when the driver answered, also when it has none.</summary>
    public string? Absence { get; init; }

    /// <summary>The driver is installed but broken, as opposed to a machine that never had one.</summary>
    public bool IsDriverBroken { get; init; }
}

/// <summary>A GPU that does not answer.</summary>
/// <param name="Index">Its place on the PCI bus, from 0.</param>
/// <param name="Uuid">Null when it does not even tell that.</param>
/// <param name="Reason">The driver's words.</param>
internal sealed record GpuFault(int Index, string? Uuid, string Reason);
