using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Nosana.Node.Ssh.Process.Native;

namespace Nosana.Node.Ssh.Process;

/// <summary>
/// A thread with libssh's event loop and the connections on it: every call that concerns one is made here, and what changes the loop is done between its
/// turns, since libssh walks an array that must not change under it.
/// </summary>
internal sealed unsafe class SshLoop
{
    private const int StackBytes = 512 * 1024;

    /// <summary>A turn lasts no longer, so that what has its time comes to it; and no longer than the other while something waits that wakes nobody.</summary>
    private const int LongTurn = 1000, ShortTurn = 20;

    private static readonly Lock s_accepting = new();

    private readonly ConcurrentQueue<(int Wire, AgentLink Link)> _new = [];
    private readonly List<SshPeer> _peers = [];
    private readonly nint _bind;
    private readonly Action<string> _tell;
    private readonly int _wakeFrom, _wakeInto;
    private nint _events;

    /// <param name="bind">libssh's, with the host key.</param>
    /// <param name="tell">Takes a line for the agent's log.</param>
    public SshLoop(nint bind, Action<string> tell)
    {
        (_bind, _tell) = (bind, tell);
        int* ends = stackalloc int[2];
        if (LibC.pipe2(ends, LibC.OpenCloseOnExec | LibC.NonBlocking) != 0) throw new IOException("no pipe can be made");
        (_wakeFrom, _wakeInto) = (ends[0], ends[1]);
        new Thread(Run, StackBytes) { IsBackground = true, Name = "SSH" }.Start();
    }

    /// <param name="wire">The client's bytes; closed with the connection, or with what refuses it.</param>
    public void Add(int wire, AgentLink link)
    {
        _new.Enqueue((wire, link));
        byte one = 1;
        _ = LibC.write(_wakeInto, &one, 1); // a full pipe wakes, too
    }

    private void Run()
    {
        _events = LibSsh.ssh_event_new();
        _ = LibSsh.ssh_event_add_fd(_events, _wakeFrom, LibC.PollIn, &OnWake, 0);
        while (true)
        {
            while (_new.TryDequeue(out (int Wire, AgentLink Link) added)) Begin(added.Wire, added.Link);
            _ = LibSsh.ssh_event_dopoll(_events, _peers.Exists(peer => peer.MustLookSoon) ? ShortTurn : LongTurn);
            long now = Environment.TickCount64;
            for (int i = _peers.Count - 1; i >= 0; i--)
            {
                SshPeer peer = _peers[i];
                if (GoesOn(peer, now)) continue;
                _peers.RemoveAt(i);
                peer.Free();
            }
        }
    }

    private bool GoesOn(SshPeer peer, long now)
    {
        try
        {
            return peer.Step(now);
        }
        catch (Exception e)
        {
            _tell($"a connection failed: {e}"); // the others go on
            return false;
        }
    }

    private void Begin(int wire, AgentLink link)
    {
        var peer = new SshPeer(_events, link, _tell);
        int accepted;
        lock (s_accepting) accepted = LibSsh.ssh_bind_accept_fd(_bind, peer.Session, wire);
        if (accepted == LibSsh.Ok && peer.Start())
        {
            _peers.Add(peer);
            return;
        }
        peer.Free();
        if (accepted != LibSsh.Ok) _ = LibC.close(wire);
    }

    [UnmanagedCallersOnly]
    private static int OnWake(int fd, int events, nint user)
    {
        byte* some = stackalloc byte[64];
        while (LibC.read(fd, some, 64) == 64)
        {
            // as many as have come
        }
        return 0;
    }
}
