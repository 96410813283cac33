namespace Nosana.Node.Gpus;

/// <summary>A GPU, or a MIG device of a divided one, at one moment.</summary>
/// <param name="Index">The GPU's place on the PCI bus, from 0; MIG devices have their GPU's.</param>
/// <param name="Uuid"><c>GPU-...</c> or <c>MIG-...</c>, the name containers get it by.</param>
/// <param name="Name">The product's.</param>
/// <param name="TotalMib">Installed memory.</param>
/// <param name="FreeMib">Memory that neither a process nor the driver holds.</param>
internal sealed record GpuDevice(int Index, string Uuid, string Name, long TotalMib, long FreeMib)
{
    /// <summary>Version of the GPU's architecture, such as 8.9; null when the driver does not tell.</summary>
    public (int Major, int Minor)? ComputeCapability { get; init; }
}
