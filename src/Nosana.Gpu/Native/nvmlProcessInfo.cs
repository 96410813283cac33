using System.Runtime.InteropServices;

namespace Nosana.Gpu.Native;

/// <summary><c>nvmlProcessInfo_t</c> (versions 2 and 3), 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct nvmlProcessInfo
{
    /// <summary>NVML's "not available", for instance inside a container without the right to see other processes' memory.</summary>
    public const ulong ValueNotAvailable = ulong.MaxValue;

    public uint pid;
    public ulong usedGpuMemory;
    public uint gpuInstanceId;
    public uint computeInstanceId;
}
