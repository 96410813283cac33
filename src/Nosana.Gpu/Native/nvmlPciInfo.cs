using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Nosana.Gpu.Native;

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
