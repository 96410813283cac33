using System.Runtime.InteropServices;

namespace Nosana.Gpu.Native;

/// <summary>A shared library opened by name or path, and its exports.</summary>
internal sealed class NativeExports : IDisposable
{
    private nint _handle;

    private NativeExports(nint handle) => _handle = handle;

    /// <summary>Never throws: a machine without the library is an ordinary one.</summary>
    /// <param name="library">A file name for the loader's search path, or an absolute path.</param>
    /// <param name="reason">Why there is none, in the loader's words.</param>
    public static NativeExports? TryOpen(string library, out string reason)
    {
        try
        {
            reason = "";
            return new NativeExports(NativeLibrary.Load(library));
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            reason = Explain(library, exception.Message);
            return null;
        }
    }

    /// <summary>The address of an export, or 0 where this version of the library has none of that name.</summary>
    public nint Find(string name) => NativeLibrary.TryGetExport(_handle, name, out nint address) ? address : 0;

    public void Dispose()
    {
        nint handle = Interlocked.Exchange(ref _handle, 0);
        if (handle != 0) NativeLibrary.Free(handle);
    }

    // The message begins with advice and then has a line for each path that was tried; the one for the name as given says what is wrong.
    private static string Explain(string library, string message) =>
        message.Split('\n', StringSplitOptions.TrimEntries).FirstOrDefault(line => line.StartsWith(library + ":", StringComparison.Ordinal))
        ?? $"{library}: cannot be loaded as a shared library";
}
