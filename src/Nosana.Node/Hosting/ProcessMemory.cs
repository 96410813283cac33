using System.Runtime.InteropServices;

namespace Nosana.Node.Hosting;

/// <summary>
/// How the C library keeps memory for what is not .NET here: the database above all, whose largest rows are results of 16 MiB. By itself it takes what
/// was large once for small ever after, a part of it for each thread, and keeps that: an agent grows with every large result.
/// </summary>
internal static partial class ProcessMemory
{
    /// <summary>mallopt(3).</summary>
    private const int MmapThreshold = -3, ArenaMax = -8;

    /// <summary>Larger pieces than this go back to the machine the moment they are freed.</summary>
    private const int LargeBytes = 256 << 10;

    private const int Arenas = 2;

    public static void Begin()
    {
        try
        {
            _ = Mallopt(MmapThreshold, LargeBytes);
            _ = Mallopt(ArenaMax, Arenas);
        }
        catch (EntryPointNotFoundException)
        {
            // only glibc keeps so much
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    private static partial int Mallopt(int parameter, int value);
}
