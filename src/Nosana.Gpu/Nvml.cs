using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text;
using Nosana.Gpu.Native;

namespace Nosana.Gpu;

/// <summary>
/// NVIDIA's management library: reads the machine's GPUs without a CUDA context, which would cost hundreds of MiB of their memory.
/// Thread-safe, as the library is.
/// </summary>
public sealed class Nvml : IDisposable
{
    /// <summary>The name the driver installs the library under.</summary>
    public const string DefaultLibrary = "libnvidia-ml.so.1";

    /// <summary>nvml.h: <c>NVML_SYSTEM_DRIVER_VERSION_BUFFER_SIZE</c>.</summary>
    private const int DriverVersionLength = 80;

    private readonly NativeExports _exports;
    private int _disposed;

    private Nvml(NativeExports exports, NvmlNativeMethods methods)
    {
        _exports = exports;
        Methods = methods;
    }

    internal NvmlNativeMethods Methods { get; }

    /// <summary>The driver's version, such as <c>550.54.15</c>.</summary>
    /// <exception cref="NvmlException">The call failed.</exception>
    public string DriverVersion
    {
        get
        {
            Span<byte> text = stackalloc byte[DriverVersionLength];
            Check(Methods.nvmlSystemGetDriverVersion(text), "nvmlSystemGetDriverVersion");
            return Text(text);
        }
    }

    /// <summary>The newest CUDA that the driver runs.</summary>
    /// <exception cref="NvmlException">The call failed.</exception>
    public CudaVersion CudaDriverVersion
    {
        get
        {
            Check(Methods.nvmlSystemGetCudaDriverVersion(out int number), "nvmlSystemGetCudaDriverVersion");
            return CudaVersion.FromNumber(number);
        }
    }

    /// <exception cref="NvmlException">The call failed.</exception>
    public int DeviceCount
    {
        get
        {
            Check(Methods.nvmlDeviceGetCount(out uint count), "nvmlDeviceGetCount");
            return (int)count;
        }
    }

    /// <summary>Opens and initialises the library. Never throws: no driver, or one that does not answer, is false with the reason.</summary>
    /// <param name="nvml">To be disposed.</param>
    /// <param name="reason">Empty on success.</param>
    /// <param name="library">A name for the loader's search path, or a path.</param>
    public static bool TryLoad([NotNullWhen(true)] out Nvml? nvml, out string reason, string library = DefaultLibrary) =>
        TryLoad(out nvml, out reason, out _, library);

    /// <inheritdoc cref="TryLoad(out Nvml?, out string, string)"/>
    /// <param name="result">What initialising answered; <see cref="nvmlReturn.LibraryNotFound"/> when the library could not be opened.</param>
    public static bool TryLoad([NotNullWhen(true)] out Nvml? nvml, out string reason, out nvmlReturn result, string library = DefaultLibrary)
    {
        nvml = null;
        result = nvmlReturn.LibraryNotFound;
        NativeExports? exports = NativeExports.TryOpen(library, out reason);
        if (exports is null) return false;
        var loaded = new Nvml(exports, new NvmlNativeMethods(exports));
        result = loaded.Methods.nvmlInit();
        if (result == nvmlReturn.Success)
        {
            nvml = loaded;
            return true;
        }
        reason = $"{library} is present, but does not start: {loaded.ErrorText(result)} (NVML error {(int)result})";
        exports.Dispose();
        return false;
    }

    /// <param name="index">From 0; the order is the PCI bus's.</param>
    /// <exception cref="NvmlException">No such device, or it does not answer.</exception>
    public NvmlDevice GetDevice(int index)
    {
        Check(Methods.nvmlDeviceGetHandleByIndex((uint)index, out nvmlDevice device), $"nvmlDeviceGetHandleByIndex({index})");
        return new NvmlDevice(this, device);
    }

    /// <param name="uuid"><c>GPU-...</c> or <c>MIG-...</c>.</param>
    /// <exception cref="NvmlException">No such device, or it does not answer.</exception>
    public NvmlDevice GetDevice(string uuid)
    {
        Check(Methods.nvmlDeviceGetHandleByUUID(Encoding.ASCII.GetBytes(uuid + '\0'), out nvmlDevice device), $"nvmlDeviceGetHandleByUUID({uuid})");
        return new NvmlDevice(this, device);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        Methods.nvmlShutdown();
        _exports.Dispose();
    }

    internal void Check(nvmlReturn result, string call)
    {
        if (result != nvmlReturn.Success) throw new NvmlException(result, call, ErrorText(result));
    }

    internal static string Text(ReadOnlySpan<byte> zeroTerminated)
    {
        int end = zeroTerminated.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? zeroTerminated : zeroTerminated[..end]);
    }

    private unsafe string ErrorText(nvmlReturn result)
    {
        // Our own stand-in for a missing export; the library's text for it speaks of a wrapper it does not have.
        if (result == nvmlReturn.FunctionNotFound) return "this driver's NVML lacks the function";
        return Marshal.PtrToStringUTF8((nint)Methods.nvmlErrorString(result)) ?? result.ToString();
    }
}
