using System.Net.Sockets;
using Nosana.Node.Control;
using Nosana.Node.Journal;

namespace Nosana.Node.Hosting;

/// <summary>
/// Tells of agents that serve with copies of one key file: each takes the key's address as the name of a socket in Linux's abstract namespace,
/// which is that of its network. Anybody on the machine can take such a name: only a process of the same user, or of root, is believed to
/// be an agent; of all others a warning tells, and they keep nobody from starting.
/// </summary>
internal sealed class KeyName : IDisposable
{
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
            PeerCredentials? holder = Holder(endpoint);
            // Of another pid namespace the kernel gives none.
            string pid = holder switch { null => "unknown", { Pid: 0 } => "of another container", { Pid: var known } => $"{known}" };
            if (holder is { IsOurs: true })
                throw new JournalException($"Another nosana-node (pid {pid}) already serves with a copy of the key of {address}. "
                    + "Stop it first, or give this one a key of its own.", e);
            return new KeyName(null,
                $"A process of another user (pid {pid}, uid {(holder is { User: var user } ? $"{user}" : "unknown")}) holds the name by which agents with "
                + $"the key of {address} find each other. If it serves with a copy of this key, stop one of the two; if not, it cannot do more than this.");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _socket?.Dispose();

    private static PeerCredentials? Holder(UnixDomainSocketEndPoint endpoint)
    {
        try
        {
            // One that accepts nobody must not hold this process up.
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
            socket.Connect(endpoint);
            return PeerCredentials.Of(socket);
        }
        catch (SocketException)
        {
            return null; // it does not listen, as every agent does
        }
    }
}
