using System.Runtime.InteropServices;

namespace Nosana.Gpu.Native;

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
