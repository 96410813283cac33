using System.Runtime.InteropServices;
using System.Text;
using Nosana.Node.Ssh.Process.Native;

namespace Nosana.Node.Ssh.Process;

/// <summary>
/// What a break-in into the SSH process finds. The process begins twice: the first time it gives up its rights, for which .NET has too many threads, and
/// starts itself again without them. From then on it can read programs and libraries alone, write nothing but its socket's directory, get no new rights and
/// look into no other process (Landlock, prctl(2), setrlimit(2)); and once it listens it can connect to nothing and start nothing (seccomp(2)).
/// </summary>
internal static unsafe partial class Confinement
{
    /// <summary>The last word of the command line of the second beginning.</summary>
    public const string Word = "--confined";

    private const int NoNewPrivileges = 38, SecureBits = 28, Ambient = 47, ClearAmbient = 4;

    /// <summary>SECBIT_NOROOT and its lock: root without root's rights.</summary>
    private const nuint NoRoot = 0x3;

    private const int LimitData = 2, LimitCore = 4, LimitFiles = 7;

    /// <summary>Bytes of memory that it writes into, all of it; more than what it takes at its most connections.</summary>
    private const ulong MaxMemory = 1UL << 30;

    private const ulong MaxFiles = 4096;

    /// <returns>An exit code, when the process could not be started again.</returns>
    public static int StartAgain(string directory, Action<string> tell)
    {
        Limit(LimitCore, 0);
        Limit(LimitFiles, MaxFiles);
        Limit(LimitData, MaxMemory);
        _ = LibC.prctl(Ambient, ClearAmbient, 0, 0, 0);
        _ = LibC.prctl(SecureBits, NoRoot, 0, 0, 0); // not for others than root to ask, and they need it not
        if (LibC.prctl(NoNewPrivileges, 1, 0, 0, 0) != 0) tell("note: this kernel gives new rights to who has none");
        if (!RestrictFiles(directory)) tell("note: this kernel has no Landlock: the SSH process can read what its user can");
        byte[][] words = [.. CommandLine().Append(Word).Select(word => Encoding.UTF8.GetBytes(word + '\0'))];
        var pins = words.Select(word => GCHandle.Alloc(word, GCHandleType.Pinned)).ToArray();
        byte** arguments = stackalloc byte*[words.Length + 1];
        for (int i = 0; i < words.Length; i++) arguments[i] = (byte*)pins[i].AddrOfPinnedObject();
        arguments[words.Length] = null;
        _ = LibC.execv("/proc/self/exe", arguments);
        tell($"the SSH process cannot be started again: {Marshal.GetLastPInvokeErrorMessage()}");
        return 1;
    }

    /// <summary>From here on no thread of the process connects anywhere or starts anything.</summary>
    public static void Close(Action<string> tell)
    {
        if (!RefuseCalls()) tell("note: this kernel has no seccomp filters: the SSH process can connect to what its user can");
    }

    private static string[] CommandLine() => File.ReadAllText("/proc/self/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);

    private static void Limit(int resource, ulong value)
    {
        ulong* softAndHard = stackalloc ulong[] { value, value };
        _ = LibC.setrlimit(resource, softAndHard); // a limit that is lower already stays
    }
}
