namespace Nosana.Gpu.Native;

/// <summary>The few CUDA driver functions that need no context, under their own names.</summary>
internal sealed unsafe class DriverAPINativeMethods(NativeExports exports)
{
    private readonly delegate* unmanaged[Cdecl]<uint, CUResult> _init = (delegate* unmanaged[Cdecl]<uint, CUResult>)exports.Find("cuInit");
    private readonly delegate* unmanaged[Cdecl]<int*, CUResult> _driverVersion = (delegate* unmanaged[Cdecl]<int*, CUResult>)exports.Find("cuDriverGetVersion");
    private readonly delegate* unmanaged[Cdecl]<int*, CUResult> _count = (delegate* unmanaged[Cdecl]<int*, CUResult>)exports.Find("cuDeviceGetCount");
    private readonly delegate* unmanaged[Cdecl]<CUResult, byte**, CUResult> _errorString =
        (delegate* unmanaged[Cdecl]<CUResult, byte**, CUResult>)exports.Find("cuGetErrorString");

    public CUResult cuInit(uint flags) => _init == null ? CUResult.ErrorNotFound : _init(flags);

    public CUResult cuDriverGetVersion(out int version)
    {
        fixed (int* to = &version) { *to = 0; return _driverVersion == null ? CUResult.ErrorNotFound : _driverVersion(to); }
    }

    public CUResult cuDeviceGetCount(out int count)
    {
        fixed (int* to = &count) { *to = 0; return _count == null ? CUResult.ErrorNotFound : _count(to); }
    }

    /// <summary>The library's own text, which it keeps; null for a code it does not know.</summary>
    public byte* cuGetErrorString(CUResult result)
    {
        byte* text = null;
        return _errorString != null && _errorString(result, &text) == CUResult.Success ? text : null;
    }
}
