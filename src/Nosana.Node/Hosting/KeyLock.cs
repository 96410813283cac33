using System.Buffers.Binary;
using System.Net.Sockets;
using Nosana.Node.Journal;

namespace Nosana.Node.Hosting;

/// <summary>
/// One agent per key on a machine. Held by a socket in Linux's abstract namespace: it needs no writable directory, is seen through
/// private /tmp directories of services, and the kernel frees it at any death.
/// </summary>
internal sealed class KeyLock : IDisposable
{
    private const int SocketLevel = 1; // SOL_SOCKET
    private const int PeerCredentials = 17; // SO_PEERCRED: pid, uid, gid

    private readonly Socket _socket;

    private KeyLock(Socket socket) => _socket = socket;

    /// <exception cref="JournalException">Another process holds it; the message names its pid.</exception>
    public static KeyLock Acquire(string address)
    {
        var endpoint = new UnixDomainSocketEndPoint($"\0nosana-node/{address}");
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(endpoint);
            socket.Listen(1);
            return new KeyLock(socket);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new JournalException(
                $"Another nosana-node (pid {Holder(endpoint)}) already serves with the key of {address}. Stop it first, or give this one a key of its own.", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _socket.Dispose();

    private static string Holder(UnixDomainSocketEndPoint endpoint)
    {
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(endpoint);
            Span<byte> credentials = stackalloc byte[12];
            socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials);
            return BinaryPrimitives.ReadInt32LittleEndian(credentials).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (SocketException)
        {
            return "unknown"; // the name of the holder is a courtesy; the refusal stands without it
        }
    }
}
