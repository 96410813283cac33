using System.Runtime.InteropServices;
using Nosana.Node.Files;

namespace Nosana.Node.Hosting;

/// <summary>What the process asks of the kernel for itself, before it does anything else: nothing of it is for other users to read.</summary>
internal static partial class ProcessProtection
{
    /// <summary>prctl(2).</summary>
    private const int SetDumpable = 4;

    /// <summary>
    /// From here on every file that the process makes is its user's alone, whatever umask it was started with: the database's own, too, which no mode
    /// can be given to. And the kernel writes no core file of it, nor lets another process of the same user read its memory, which holds the key.
    /// </summary>
    public static void Begin()
    {
        _ = Umask(0x1FF & ~(uint)PrivateFiles.DirectoryMode);
        _ = Prctl(SetDumpable, 0, 0, 0, 0); // this request cannot fail
    }

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint Umask(uint mask);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int Prctl(int option, nuint first, nuint second, nuint third, nuint fourth);
}
