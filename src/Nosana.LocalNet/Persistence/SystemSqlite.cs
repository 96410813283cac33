using System.Runtime.InteropServices;
using SQLitePCL;

namespace Nosana.LocalNet.Persistence;

/// <summary>
/// SQLite as the machine has it, patched by the distribution (Debian: libsqlite3-0). Call <see cref="Use"/> before the first connection;
/// it is the only place in a process that may set the resolver.
/// </summary>
public static class SystemSqlite
{
    private const string Asked = "e_sqlite3";
    private const string Library = "libsqlite3.so.0";

    private static readonly Lazy<bool> Ready = new(Initialize);

    /// <summary>Makes Microsoft.Data.Sqlite use the machine's library. May be called any number of times, from any thread.</summary>
    /// <exception cref="DllNotFoundException">The machine has no SQLite; the message says which package brings it.</exception>
    public static void Use() => _ = Ready.Value;

    private static bool Initialize()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (name, assembly, path) => name == Asked ? Load() : 0);
        raw.SetProvider(new SQLite3Provider_e_sqlite3());
        return true;
    }

    private static nint Load() => NativeLibrary.TryLoad(Library, out nint handle)
        ? handle
        : throw new DllNotFoundException($"{Library} is missing. Install it (Debian: apt-get install libsqlite3-0).");
}
