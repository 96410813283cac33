using System.Runtime.InteropServices;

namespace Nosana.Gpu.Native;

/// <summary>The opaque handle of a GPU or a MIG device.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct nvmlDevice(nint Pointer);
