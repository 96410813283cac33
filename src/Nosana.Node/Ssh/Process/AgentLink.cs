using System.Net.Sockets;
using Nosana.Node.Ssh.Protocol;

namespace Nosana.Node.Ssh.Process;

/// <summary>
/// The SSH process's end of a connection's frames. Nothing waits, but the question for a key; what is not taken at once is kept, and it is little.
/// </summary>
internal sealed class AgentLink(Socket socket) : IDisposable
{
    /// <summary>An agent that does not answer for so long hangs, and nobody is let in.</summary>
    private const int AnswerMilliseconds = 10_000;

    private readonly byte[] _received = new byte[SshFrame.HeaderLength + SshFrame.MaxPayload];
    private readonly byte[] _toSend = new byte[SshFrame.HeaderLength + SshFrame.MaxPayload];
    private int _have, _consumed, _from, _until;

    public int Descriptor => (int)socket.Handle;

    /// <summary>The agent has let go of the connection.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether something is still to be sent.</summary>
    public bool IsSending => _until > _from;

    /// <returns>False while no whole frame is there; the payload is valid until the next call.</returns>
    public bool TryRead(out SshFrameKind kind, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        if (_consumed > 0)
        {
            _received.AsSpan(_consumed, _have - _consumed).CopyTo(_received);
            (_have, _consumed) = (_have - _consumed, 0);
        }
        int length;
        while (!SshFrame.TryRead(_received.AsSpan(0, _have), out kind, out length))
        {
            int count = socket.Receive(_received.AsSpan(_have), SocketFlags.None, out SocketError error);
            if (error is SocketError.WouldBlock) return false;
            if (error != SocketError.Success || count == 0)
            {
                IsClosed = true;
                return false;
            }
            _have += count;
        }
        _consumed = SshFrame.HeaderLength + length;
        payload = _received.AsSpan(SshFrame.HeaderLength, length);
        return true;
    }

    /// <summary>Sends a frame, as soon as that can be. There must be nothing to send from before.</summary>
    public void Send(SshFrameKind kind, ReadOnlySpan<byte> payload)
    {
        SshFrame.WriteHeader(_toSend, kind, payload.Length);
        payload.CopyTo(_toSend.AsSpan(SshFrame.HeaderLength));
        (_from, _until) = (0, SshFrame.HeaderLength + payload.Length);
        Flush();
    }

    /// <summary>A whole frame that must not be lost, behind what is being sent. False when there is no room for it.</summary>
    public bool TrySend(byte[] frame)
    {
        if (IsSending) Flush();
        if (IsSending) return false;
        frame.CopyTo(_toSend, 0);
        (_from, _until) = (0, frame.Length);
        Flush();
        return true;
    }

    public void Flush()
    {
        while (IsSending && !IsClosed)
        {
            int sent = socket.Send(_toSend.AsSpan(_from, _until - _from), SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock) return;
            if (error != SocketError.Success) IsClosed = true;
            else _from += sent;
        }
    }

    /// <summary>Asks the agent and waits: the library wants its answer at once, and the agent looks it up in memory.</summary>
    public bool Ask(SshKeyQuestion question)
    {
        if (!TrySend(question.ToFrame())) return false;
        while (IsSending && !IsClosed && socket.Poll(AnswerMilliseconds * 1000, SelectMode.SelectWrite)) Flush();
        while (!IsClosed && !IsSending)
        {
            if (TryRead(out SshFrameKind kind, out ReadOnlySpan<byte> payload)) return kind == SshFrameKind.Answer && payload is [1];
            if (!IsClosed && !socket.Poll(AnswerMilliseconds * 1000, SelectMode.SelectRead)) return false;
        }
        return false;
    }

    public void Dispose() => socket.Dispose();
}
