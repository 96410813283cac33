using System.Runtime.InteropServices;

namespace Nosana.Node.Ssh.Process.Native;

/// <summary>Calls of the C library that the SSH process makes and .NET has not.</summary>
internal static unsafe partial class LibC
{
    private const string Name = "libc";

    /// <summary>fcntl(2) and open(2): F_SETFD, FD_CLOEXEC, O_NONBLOCK, O_CLOEXEC, O_PATH.</summary>
    public const int SetDescriptorFlags = 2, CloseOnExec = 1, NonBlocking = 0x800, OpenCloseOnExec = 0x80000, PathOnly = 0x200000;

    /// <summary>poll(2).</summary>
    public const short PollIn = 1, PollOut = 4;

    [LibraryImport(Name)] public static partial int dup(int fd);

    [LibraryImport(Name)] public static partial int fcntl(int fd, int command, int argument);

    [LibraryImport(Name)] public static partial int pipe2(int* ends, int flags);

    [LibraryImport(Name, SetLastError = true)] public static partial nint read(int fd, byte* buffer, nint length);

    [LibraryImport(Name, SetLastError = true)] public static partial nint write(int fd, byte* buffer, nint length);

    [LibraryImport(Name)] public static partial int close(int fd);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int open(string path, int flags);

    [LibraryImport(Name, SetLastError = true)]
    public static partial nint syscall(nint number, nint first, nint second, nint third, nint fourth);

    [LibraryImport(Name, SetLastError = true)]
    public static partial int prctl(int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport(Name, SetLastError = true)] public static partial int setrlimit(int resource, ulong* softAndHard);

    [LibraryImport(Name, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int execv(string path, byte** arguments);
}
