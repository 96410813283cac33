namespace Nosana.Gpu;

/// <summary>Memory of a device, all in bytes.</summary>
/// <param name="Total">Installed.</param>
/// <param name="Free">Neither used nor reserved.</param>
/// <param name="Used">Taken by processes; from an older driver, with what it reserves itself.</param>
/// <param name="Reserved">Taken by the driver and firmware; 0 where the driver does not tell.</param>
public readonly record struct GpuMemory(ulong Total, ulong Free, ulong Used, ulong Reserved);
