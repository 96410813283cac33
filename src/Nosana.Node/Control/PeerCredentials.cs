using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Nosana.Node.Control;

/// <summary>Who is at the other end of a local socket, as the kernel knows it.</summary>
/// <param name="Pid">0 for one of another pid namespace.</param>
/// <param name="User">The user's number.</param>
internal readonly partial record struct PeerCredentials(int Pid, uint User)
{
    // socket(7): SOL_SOCKET and SO_PEERCRED, which fills struct ucred { pid_t pid; uid_t uid; gid_t gid; }.
    private const int SocketLevel = 1, PeerCredentialsOption = 17;

    private const uint Root = 0;

    /// <summary>Whether it is root, or the user whom this process runs as.</summary>
    public bool IsOurs => User == Root || User == EffectiveUser();

    public static PeerCredentials Of(Socket socket)
    {
        Span<uint> credentials = stackalloc uint[3];
        socket.GetRawSocketOption(SocketLevel, PeerCredentialsOption, MemoryMarshal.AsBytes(credentials));
        return new PeerCredentials((int)credentials[0], credentials[1]);
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
