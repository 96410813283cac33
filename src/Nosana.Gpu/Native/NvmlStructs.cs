using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Nosana.Gpu.Native;

/// <summary>The opaque handle of a GPU or a MIG device.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct nvmlDevice(nint Pointer);

/// <summary><c>nvmlMemory_t</c>, 24 bytes. <c>used</c> counts what the driver reserves for itself.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct nvmlMemory
{
    public ulong total;
    public ulong free;
    public ulong used;
}

/// <summary><c>nvmlMemory_v2_t</c>, 40 bytes: the caller writes the version before the call.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct nvmlMemory_v2
{
    /// <summary>Size of the structure in the low bytes, 2 in the high one (nvml.h, <c>NVML_STRUCT_VERSION</c>).</summary>
    public const uint Version2 = 40 | 2u << 24;

    public uint version;
    public ulong total;
    public ulong reserved;
    public ulong free;
    public ulong used;
}

/// <summary><c>nvmlUtilization_t</c>, 8 bytes: percent of the last sample period.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct nvmlUtilization
{
    public uint gpu;
    public uint memory;
}

/// <summary><c>nvmlPciInfo_t</c> (version 3), 68 bytes, the long bus id at 36.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct nvmlPciInfo
{
    public BusIdLegacy busIdLegacy;
    public uint domain;
    public uint bus;
    public uint device;
    public uint pciDeviceId;
    public uint pciSubSystemId;
    public BusId busId;

    [InlineArray(16)]
    internal struct BusIdLegacy
    {
        private byte _first;
    }

    [InlineArray(32)]
    internal struct BusId
    {
        private byte _first;
    }
}

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
