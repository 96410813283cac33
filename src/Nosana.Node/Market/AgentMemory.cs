using System.Runtime.InteropServices;

namespace Nosana.Node.Market;

/// <summary>What the agent holds of the machine's memory.</summary>
internal static partial class AgentMemory
{
    /// <summary>
    /// Gives back what is not in use. Of themselves the garbage collector and the C library take their time while nobody else asks for memory, and
    /// what the one frees in small pieces the other keeps for good.
    /// </summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        try
        {
            _ = TrimNative(0);
        }
        catch (EntryPointNotFoundException)
        {
            // only glibc has it; others keep less
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimNative(nuint pad);
}
