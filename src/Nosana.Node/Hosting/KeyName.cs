using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Nosana.Node.Journal;

namespace Nosana.Node.Hosting;

/// <summary>
/// Tells of agents that serve with copies of one key file: each takes the key's address as the name of a socket in Linux's abstract namespace,
/// which is that of its network. Anybody on the machine can take such a name: only a process of the same user, or of root, is believed to
/// be an agent; of all others a warning tells, and they keep nobody from starting.
/// </summary>
internal sealed partial class KeyName : IDisposable
{
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int PeerCredentials = 17; // SO_PEERCRED: pid, uid, gid, 4 bytes each
    private const uint Root = 0;

    private readonly Socket? _socket;

    private KeyName(Socket? socket, string? warning)
    {
        _socket = socket;
        Warning = warning;
    }

    /// <summary>What the operator must know; null when all was well.</summary>
    public string? Warning { get; }

    /// <exception cref="JournalException">Another process of this user or of root has it; the message names its pid.</exception>
    public static KeyName Take(string address)
    {
        var endpoint = new UnixDomainSocketEndPoint($"\0nosana-node/{address}");
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(endpoint);
            socket.Listen(1);
            return new KeyName(socket, null);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            (string pid, uint? user) = Holder(endpoint);
            if (user == EffectiveUser() || user == Root)
                throw new JournalException($"Another nosana-node (pid {pid}) already serves with a copy of the key of {address}. "
                    + "Stop it first, or give this one a key of its own.", e);
            return new KeyName(null,
                $"A process of another user (pid {pid}, uid {(user is { } known ? $"{known}" : "unknown")}) holds the name by which agents with the key of "
                + $"{address} find each other. If it serves with a copy of this key, stop one of the two; if not, it cannot do more than this.");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _socket?.Dispose();

    private static (string Pid, uint? User) Holder(UnixDomainSocketEndPoint endpoint)
    {
        try
        {
            // One that accepts nobody must not hold this process up.
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
            socket.Connect(endpoint);
            Span<byte> credentials = stackalloc byte[12];
            socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
            int pid = BinaryPrimitives.ReadInt32LittleEndian(credentials); // 0 for one of another pid namespace
            return (pid == 0 ? "of another container" : $"{pid}", BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]));
        }
        catch (SocketException)
        {
            return ("unknown", null); // it does not listen, as every agent does
        }
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();
}
