namespace Nosana.Gpu;

/// <summary>A process that computes on a device.</summary>
/// <param name="Id">On the host.</param>
/// <param name="UsedMemory">Bytes; null where the driver does not tell.</param>
public readonly record struct GpuProcess(int Id, ulong? UsedMemory);
