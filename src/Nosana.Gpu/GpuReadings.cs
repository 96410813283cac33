namespace Nosana.Gpu;

/// <summary>Memory of a device, all in bytes.</summary>
/// <param name="Total">Installed.</param>
/// <param name="Free">Neither used nor reserved.</param>
/// <param name="Used">Taken by processes; from an older driver, with what it reserves itself.</param>
/// <param name="Reserved">Taken by the driver and firmware; 0 where the driver does not tell.</param>
public readonly record struct GpuMemory(ulong Total, ulong Free, ulong Used, ulong Reserved);

/// <summary>Where a GPU sits.</summary>
/// <param name="BusId">As <c>nvidia-smi</c> prints it: <c>00000000:01:00.0</c>.</param>
/// <param name="DeviceId">Device id in the high, vendor id in the low 16 bits.</param>
public sealed record GpuPciInfo(string BusId, uint Domain, uint Bus, uint Device, uint DeviceId, uint SubSystemId);

/// <summary>A process that computes on a device.</summary>
/// <param name="Id">On the host.</param>
/// <param name="UsedMemory">Bytes; null where the driver does not tell.</param>
public readonly record struct GpuProcess(int Id, ulong? UsedMemory);
