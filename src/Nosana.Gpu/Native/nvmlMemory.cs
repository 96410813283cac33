using System.Runtime.InteropServices;

namespace Nosana.Gpu.Native;

/// <summary><c>nvmlMemory_t</c>, 24 bytes. <c>used</c> counts what the driver reserves for itself.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct nvmlMemory
{
    public ulong total;
    public ulong free;
    public ulong used;
}
