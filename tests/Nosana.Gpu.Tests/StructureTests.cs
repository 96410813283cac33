using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Nosana.Gpu.Native;

namespace Nosana.Gpu.Tests;

/// <summary>Sizes and offsets as the C compiler gives them to nvml.h's structures on 64-bit Linux.</summary>
public sealed class StructureTests
{
    [Fact]
    public void Size_OfEachStructure_IsTheCCompilers()
    {
        Assert.Equal(24, Unsafe.SizeOf<nvmlMemory>());
        Assert.Equal(40, Unsafe.SizeOf<nvmlMemory_v2>());
        Assert.Equal(8, Unsafe.SizeOf<nvmlUtilization>());
        Assert.Equal(68, Unsafe.SizeOf<nvmlPciInfo>());
        Assert.Equal(24, Unsafe.SizeOf<nvmlProcessInfo>());
        Assert.Equal(36, Marshal.OffsetOf<nvmlPciInfo>(nameof(nvmlPciInfo.busId)));
        Assert.Equal(0x2000028u, nvmlMemory_v2.Version2);
    }
}
