namespace Nosana.Gpu;

/// <summary>Where a GPU sits.</summary>
/// <param name="BusId">As <c>nvidia-smi</c> prints it: <c>00000000:01:00.0</c>.</param>
/// <param name="DeviceId">Device id in the high, vendor id in the low 16 bits.</param>
public sealed record GpuPciInfo(string BusId, uint Domain, uint Bus, uint Device, uint DeviceId, uint SubSystemId);
