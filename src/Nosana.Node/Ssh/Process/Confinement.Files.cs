using System.Runtime.InteropServices;
using Nosana.Node.Ssh.Process.Native;

namespace Nosana.Node.Ssh.Process;

/// <summary>Landlock (landlock(7), Linux 5.13): numbers of its calls are the same on all machines.</summary>
internal static unsafe partial class Confinement
{
    private const int CreateRuleset = 444, AddRule = 445, RestrictSelf = 446, RuleBeneath = 1;

    /// <summary>LANDLOCK_ACCESS_FS_*: execute, write and read a file, list a directory, remove a file, make a socket; all of its first version.</summary>
    private const ulong Execute = 1, WriteFile = 2, ReadFile = 4, ReadDirectory = 8, RemoveFile = 32, MakeSocket = 512, All = (1 << 13) - 1;

    private static bool RestrictFiles(string directory)
    {
        ulong handled = All;
        nint rules = LibC.syscall(CreateRuleset, (nint)(&handled), sizeof(ulong), 0, 0);
        if (rules < 0) return false;
        foreach (string path in Programs()) Allow((int)rules, path, Execute | ReadFile | ReadDirectory);
        foreach (string path in (string[])["/proc", "/sys"]) Allow((int)rules, path, ReadFile | ReadDirectory);
        foreach (string path in (string[])["/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"]) Allow((int)rules, path, ReadFile | WriteFile);
        foreach (string path in (string[])["/etc/ld.so.cache", "/etc/ssl/openssl.cnf"]) Allow((int)rules, path, ReadFile);
        Allow((int)rules, directory, MakeSocket | RemoveFile);
        bool restricted = LibC.syscall(RestrictSelf, rules, 0, 0, 0) == 0;
        _ = LibC.close((int)rules);
        return restricted;
    }

    /// <summary>This program, its runtime and the system's libraries.</summary>
    private static IEnumerable<string> Programs()
    {
        const string SharedFramework = "/shared/Microsoft.NETCore.App/";
        string runtime = RuntimeEnvironment.GetRuntimeDirectory();
        int shared = runtime.LastIndexOf(SharedFramework, StringComparison.Ordinal);
        string[] installed = shared > 0 ? [runtime[..shared]] : [];
        // Where a program that is one file has unpacked its native libraries, among others.
        string[] native = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return [AppContext.BaseDirectory, .. installed, .. native, "/usr", "/lib", "/lib64", "/bin"];
    }

    private static void Allow(int rules, string path, ulong access)
    {
        int at = LibC.open(path, LibC.PathOnly | LibC.OpenCloseOnExec);
        if (at < 0) return; // what is not there needs no rule
        var rule = new PathBeneath { Access = access, Parent = at };
        _ = LibC.syscall(AddRule, rules, RuleBeneath, (nint)(&rule), 0);
        _ = LibC.close(at);
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct PathBeneath
    {
        public ulong Access;
        public int Parent;
    }
}
