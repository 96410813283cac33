using System.Runtime.InteropServices;
using Nosana.Node.Ssh.Process.Native;
using Nosana.Node.Ssh.Protocol;

namespace Nosana.Node.Ssh.Process;

/// <summary>
/// One SSH connection: keys are the agent's to judge, the shell is behind the agent, and all else that a client can ask for is refused. Bytes go on as fast as
/// the other side takes them; what it has not taken is one frame each way.
/// </summary>
internal sealed unsafe partial class SshPeer
{
    /// <summary>Keys that a client may try in vain, as OpenSSH's MaxAuthTries; of questions, those without a signature among them, it has twice that.</summary>
    private const int MaxTries = 6, MaxQuestions = 2 * MaxTries;

    /// <summary>The client is asked for a sign of life so often; whether one comes is the agent's to see.</summary>
    private const long KeepAliveMilliseconds = 60_000;

    /// <summary>What a client gets to end the connection after its shell has ended, which it normally does.</summary>
    private const long GoodbyeMilliseconds = 1_500;

    private const byte EndOfTransmission = 4;

    private readonly nint _events;
    private readonly AgentLink _link;
    private readonly Action<string> _tell;
    private readonly GCHandle _self;
    private readonly ServerCallbacks* _server;
    private ChannelCallbacks* _channel;
    private nint _shell;
    private bool _exchanged, _authenticated, _over, _hasHello, _takesCommands, _hasStarted, _inputWaits, _sizeWaits, _hasEnd, _linkIsReadable = true;
    private int _tries, _questions, _exit = -1;
    private long _keepAliveAt, _goodbyeAt;
    private short _armed;
    private SshTerminalSize? _size;
    private string _terminal = "";
    private byte[]? _output;

    public SshPeer(nint events, AgentLink link, Action<string> tell)
    {
        (_events, _link, _tell) = (events, link, tell);
        Session = LibSsh.ssh_new();
        _self = GCHandle.Alloc(this);
        _server = (ServerCallbacks*)NativeMemory.AllocZeroed((nuint)sizeof(ServerCallbacks));
        _server->Size = (nuint)sizeof(ServerCallbacks);
        _server->User = GCHandle.ToIntPtr(_self);
        _server->None = &OnNone;
        _server->PublicKey = &OnPublicKey;
        _server->OpenSession = &OnOpenSession;
    }

    public nint Session { get; }

    /// <summary>Something waits that no descriptor tells of: the rest of what libssh did not take, during an exchange of keys.</summary>
    public bool MustLookSoon => _output is not null && _shell != 0 && LibSsh.ssh_channel_window_size(_shell) > 0;

    /// <returns>Whether it goes on.</returns>
    public bool Start()
    {
        LibSsh.ssh_set_auth_methods(Session, LibSsh.PublicKeyAlone);
        if (LibSsh.ssh_set_server_callbacks(Session, _server) != LibSsh.Ok) return false;
        LibSsh.ssh_set_message_callback(Session, &OnMessage, GCHandle.ToIntPtr(_self));
        LibSsh.ssh_set_blocking(Session, 0);
        return LibSsh.ssh_handle_key_exchange(Session) != LibSsh.Error && LibSsh.ssh_event_add_session(_events, Session) == LibSsh.Ok;
    }

    /// <summary>What is to be done between two turns of the loop.</summary>
    /// <returns>False when the connection is over.</returns>
    public bool Step(long now)
    {
        if (_over || (LibSsh.ssh_get_status(Session) & LibSsh.Closed) != 0) return false;
        if (!_exchanged)
        {
            int exchange = LibSsh.ssh_handle_key_exchange(Session);
            if (exchange == LibSsh.Error) return false;
            _exchanged = exchange == LibSsh.Ok;
        }
        KeepAlive(now);
        PassOutput();
        PassInput();
        if (_link.IsClosed && !IsEnding) return false;
        Arm();
        if (_shell != 0 && _goodbyeAt == 0 && LibSsh.ssh_channel_is_closed(_shell) != 0) _goodbyeAt = now + GoodbyeMilliseconds;
        return _goodbyeAt == 0 || now < _goodbyeAt;
    }

    public void Free()
    {
        Arm(0);
        LibSsh.ssh_disconnect(Session);
        _ = LibSsh.ssh_event_remove_session(_events, Session);
        LibSsh.ssh_free(Session); // and its channels, and the wire
        NativeMemory.Free(_server);
        if (_channel != null) NativeMemory.Free(_channel);
        _self.Free();
        _link.Dispose();
    }

    private bool IsEnding => _goodbyeAt != 0 || _exit >= 0;

    private void KeepAlive(long now)
    {
        if (!_authenticated) return;
        if (_keepAliveAt != 0 && now >= _keepAliveAt) _ = LibSsh.ssh_send_keepalive(Session);
        if (_keepAliveAt == 0 || now >= _keepAliveAt) _keepAliveAt = now + KeepAliveMilliseconds;
    }

    /// <summary>From the agent to the client, as long as the client takes it.</summary>
    private void PassOutput()
    {
        FlushOutput();
        while (_linkIsReadable && _output is null && _exit < 0)
        {
            if (!_link.TryRead(out SshFrameKind kind, out ReadOnlySpan<byte> payload))
            {
                _linkIsReadable = false;
                break;
            }
            if (kind == SshFrameKind.Hello) (_takesCommands, _hasHello) = (SshHello.Read(payload).TakesCommands, true);
            else if (kind == SshFrameKind.Output && _shell != 0) Write(payload);
            else if (kind == SshFrameKind.Exit) _exit = payload.Length == 4 ? BitConverter.ToInt32(payload) & 0xff : 255;
        }
        if (_exit < 0 || _output is not null || _goodbyeAt != 0) return;
        _goodbyeAt = Environment.TickCount64 + GoodbyeMilliseconds;
        if (_shell == 0) return;
        _ = LibSsh.ssh_channel_request_send_exit_status(_shell, _exit);
        _ = LibSsh.ssh_channel_send_eof(_shell);
        _ = LibSsh.ssh_channel_close(_shell);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        int taken;
        fixed (byte* first = bytes) taken = bytes.Length == 0 ? 0 : Math.Max(0, LibSsh.ssh_channel_write(_shell, first, (uint)Math.Min(bytes.Length, Room())));
        if (taken < bytes.Length) _output = bytes[taken..].ToArray();
    }

    private void FlushOutput()
    {
        if (_output is not { } rest || Room() == 0) return;
        _output = null;
        Write(rest);
    }

    /// <summary>More than the client's window would be kept by libssh, without an end.</summary>
    private uint Room() => LibSsh.ssh_channel_window_size(_shell);

    /// <summary>From the client to the agent: what libssh kept when the agent took nothing, which it does not offer again.</summary>
    private void PassInput()
    {
        _link.Flush();
        if (!_hasStarted) return;
        byte* bytes = stackalloc byte[SshFrame.MaxPayload];
        while (!_link.IsSending && (_sizeWaits || _inputWaits || _hasEnd))
        {
            if (_sizeWaits)
            {
                _sizeWaits = false;
                _link.Send(SshFrameKind.Size, _size!.Value.ToBytes());
            }
            else if (_inputWaits)
            {
                int count = LibSsh.ssh_channel_read_nonblocking(_shell, bytes, SshFrame.MaxPayload, 0);
                _inputWaits = count > 0;
                if (_inputWaits) _link.Send(SshFrameKind.Input, new ReadOnlySpan<byte>(bytes, count));
            }
            else
            {
                _hasEnd = false;
                _link.Send(SshFrameKind.Input, [EndOfTransmission]); // as somebody who types it at a terminal
            }
        }
    }

    private void Arm() => Arm((short)((_output is null && _exit < 0 && !_link.IsClosed ? LibC.PollIn : 0) | (_link.IsSending ? LibC.PollOut : 0)));

    private void Arm(short events)
    {
        if (events == _armed) return;
        if (_armed != 0) _ = LibSsh.ssh_event_remove_fd(_events, _link.Descriptor);
        _armed = events;
        if (events != 0) _ = LibSsh.ssh_event_add_fd(_events, _link.Descriptor, events, &OnLink, GCHandle.ToIntPtr(_self));
    }
}
