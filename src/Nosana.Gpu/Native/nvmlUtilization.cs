using System.Runtime.InteropServices;

namespace Nosana.Gpu.Native;

/// <summary><c>nvmlUtilization_t</c>, 8 bytes: percent of the last sample period.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct nvmlUtilization
{
    public uint gpu;
    public uint memory;
}
