using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Nosana.Gpu.Native;

namespace Nosana.Gpu;

/// <summary>The CUDA driver, asked only what needs no context: whether programs of containers could start at all.</summary>
public sealed class CudaDriver
{
    /// <summary>The name the driver installs the library under.</summary>
    public const string DefaultLibrary = "libcuda.so.1";

    private CudaDriver(CudaVersion version, int deviceCount)
    {
        Version = version;
        DeviceCount = deviceCount;
    }

    /// <summary>The newest CUDA that the driver runs.</summary>
    public CudaVersion Version { get; }

    public int DeviceCount { get; }

    /// <summary>Opens the library, initialises it and reads both numbers. Never throws: without a driver or a GPU it is false with the reason.</summary>
    /// <param name="driver">What the driver says.</param>
    /// <param name="reason">Empty on success.</param>
    /// <param name="library">A name for the loader's search path, or a path.</param>
    public static bool TryLoad([NotNullWhen(true)] out CudaDriver? driver, out string reason, string library = DefaultLibrary)
    {
        driver = null;
        // Never closed: the driver starts threads of its own at cuInit, and unloading their code ends the process.
        NativeExports? exports = NativeExports.TryOpen(library, out reason);
        if (exports is null) return false;
        var methods = new DriverAPINativeMethods(exports);
        if (Failed(methods.cuInit(0), "cuInit", out reason)) return false;
        if (Failed(methods.cuDriverGetVersion(out int version), "cuDriverGetVersion", out reason)) return false;
        if (Failed(methods.cuDeviceGetCount(out int count), "cuDeviceGetCount", out reason)) return false;
        driver = new CudaDriver(CudaVersion.FromNumber(version), count);
        return true;

        bool Failed(CUResult answer, string call, out string why)
        {
            why = answer == CUResult.Success ? "" : $"{library}: {call} failed: {Text(methods, answer)} (CUDA error {(int)answer})";
            return answer != CUResult.Success;
        }
    }

    private static unsafe string Text(DriverAPINativeMethods methods, CUResult result) =>
        Marshal.PtrToStringUTF8((nint)methods.cuGetErrorString(result)) ?? result.ToString();
}
