using System.Runtime.InteropServices;
using Nosana.Node.Ssh.Process.Native;
using Nosana.Node.Ssh.Protocol;

namespace Nosana.Node.Ssh.Process;

/// <summary>What libssh asks while it reads packets. Nothing here takes anything out of the loop, and no exception leaves.</summary>
internal sealed unsafe partial class SshPeer
{
    private const int Refused = 1, Granted = 0;

    private static SshPeer Of(nint user) => (SshPeer)GCHandle.FromIntPtr(user).Target!;

    [UnmanagedCallersOnly]
    private static int OnNone(nint session, byte* name, nint user) => LibSsh.Denied;

    [UnmanagedCallersOnly]
    private static int OnPublicKey(nint session, byte* name, nint key, sbyte state, nint user)
    {
        SshPeer peer = Of(user);
        try
        {
            return peer.Judge(Marshal.PtrToStringUTF8((nint)name) ?? "", key, state) ? LibSsh.Ok : LibSsh.Denied;
        }
        catch (Exception e)
        {
            peer.Fail(e); // no exception may reach the library, and nobody is let in by one
            return LibSsh.Denied;
        }
    }

    private bool Judge(string name, nint key, sbyte state)
    {
        bool isSigned = state == LibSsh.Signed;
        if (_authenticated || (state != LibSsh.Asked && !isSigned) || ++_questions > MaxQuestions) return Wrong();
        PassOutput();
        if (!_hasHello) return Wrong();
        nint base64;
        if (LibSsh.ssh_pki_export_pubkey_base64(key, &base64) != LibSsh.Ok) return Wrong();
        string blob = LibSsh.TextOf(base64);
        LibSsh.ssh_string_free_char(base64);
        string type = LibSsh.TextOf(LibSsh.ssh_key_type_to_char(LibSsh.ssh_key_type(key)));
        if (name.Contains('\0', StringComparison.Ordinal) || name.Length > 256 || blob.Length > SshFrame.MaxPayload / 2) return Wrong();
        if (!_link.Ask(new SshKeyQuestion(isSigned, name, $"{type} {blob}"))) return Wrong();
        _authenticated = isSigned;
        return true;
    }

    private bool Wrong()
    {
        if (++_tries >= MaxTries) _over = true;
        return false;
    }

    [UnmanagedCallersOnly]
    private static nint OnOpenSession(nint session, nint user)
    {
        SshPeer peer = Of(user);
        if (!peer._authenticated || peer._shell != 0) return 0; // one a connection
        peer._shell = LibSsh.ssh_channel_new(session);
        ChannelCallbacks* callbacks = peer._channel = (ChannelCallbacks*)NativeMemory.AllocZeroed((nuint)sizeof(ChannelCallbacks));
        callbacks->Size = (nuint)sizeof(ChannelCallbacks);
        callbacks->User = user;
        callbacks->Data = &OnData;
        callbacks->Eof = &OnEof;
        callbacks->Close = &OnClose;
        callbacks->Pty = &OnPty;
        callbacks->Shell = &OnShell;
        callbacks->WindowChange = &OnWindowChange;
        callbacks->Exec = &OnExec;
        callbacks->Subsystem = &OnSubsystem;
        callbacks->Environment = &OnEnvironment;
        callbacks->WriteWontBlock = &OnWriteWontBlock;
        _ = LibSsh.ssh_set_channel_callbacks(peer._shell, callbacks);
        return peer._shell;
    }

    /// <summary>Forwarding of ports, of an agent, of X11, and what else there may be: 1 has libssh refuse it.</summary>
    [UnmanagedCallersOnly]
    private static int OnMessage(nint session, nint message, nint user) => Refused;

    [UnmanagedCallersOnly]
    private static int OnSubsystem(nint session, nint channel, byte* name, nint user) => Refused;

    [UnmanagedCallersOnly]
    private static int OnEnvironment(nint session, nint channel, byte* name, byte* value, nint user) => Refused;

    [UnmanagedCallersOnly]
    private static int OnPty(nint session, nint channel, byte* terminal, int columns, int rows, int width, int height, nint user)
    {
        SshPeer peer = Of(user);
        if (peer._hasStarted) return Refused;
        peer._size = SshTerminalSize.Of(columns, rows);
        peer._terminal = Marshal.PtrToStringUTF8((nint)terminal) ?? "";
        return Granted;
    }

    [UnmanagedCallersOnly]
    private static int OnShell(nint session, nint channel, nint user)
    {
        SshPeer peer = Of(user);
        try
        {
            return peer.Begin("");
        }
        catch (Exception e)
        {
            return peer.Fail(e);
        }
    }

    [UnmanagedCallersOnly]
    private static int OnExec(nint session, nint channel, byte* command, nint user)
    {
        SshPeer peer = Of(user);
        try
        {
            return peer._takesCommands ? peer.Begin(Marshal.PtrToStringUTF8((nint)command) ?? "") : Refused;
        }
        catch (Exception e)
        {
            return peer.Fail(e);
        }
    }

    private int Begin(string command)
    {
        const int LongestName = 1024;
        if (_hasStarted || _size is not { } size || command.Length > LongestName || _terminal.Length > LongestName) return Refused;
        if (command.Contains('\0', StringComparison.Ordinal) || _terminal.Contains('\0', StringComparison.Ordinal)) return Refused;
        _hasStarted = _link.TrySend(new SshShellRequest(size, _terminal, command).ToFrame());
        return _hasStarted ? Granted : Refused;
    }

    [UnmanagedCallersOnly]
    private static int OnWindowChange(nint session, nint channel, int columns, int rows, int width, int height, nint user)
    {
        SshPeer peer = Of(user);
        (peer._size, peer._sizeWaits) = (SshTerminalSize.Of(columns, rows), true); // of many the last one counts
        return Granted;
    }

    [UnmanagedCallersOnly]
    private static void OnEof(nint session, nint channel, nint user) => Of(user)._hasEnd = true;

    /// <returns>How much of it is taken: the rest stays in libssh, and the client's window is shut until it is read.</returns>
    [UnmanagedCallersOnly]
    private static int OnData(nint session, nint channel, byte* data, uint length, int isStderr, nint user)
    {
        SshPeer peer = Of(user);
        try
        {
            if (!peer._hasStarted || isStderr != 0) return (int)length;
            if (peer._inputWaits || peer._link.IsSending)
            {
                peer._inputWaits = true;
                return 0;
            }
            int taken = (int)Math.Min(length, SshFrame.MaxPayload);
            peer._link.Send(SshFrameKind.Input, new ReadOnlySpan<byte>(data, taken));
            if (taken < length) peer._inputWaits = true;
            return taken;
        }
        catch (Exception e)
        {
            peer.Fail(e);
            return (int)length;
        }
    }

    [UnmanagedCallersOnly]
    private static void OnClose(nint session, nint channel, nint user)
    {
        SshPeer peer = Of(user);
        if (peer._goodbyeAt == 0) peer._goodbyeAt = Environment.TickCount64 + GoodbyeMilliseconds;
    }

    /// <summary>Its arrival ends the turn; what waits is written then.</summary>
    [UnmanagedCallersOnly]
    private static int OnWriteWontBlock(nint session, nint channel, uint bytes, nint user) => 0;

    [UnmanagedCallersOnly]
    private static int OnLink(int fd, int events, nint user)
    {
        Of(user)._linkIsReadable = true;
        return 0;
    }

    /// <summary>A fault of this program ends the connection it happened at.</summary>
    private int Fail(Exception exception)
    {
        _over = true;
        _tell($"a connection failed: {exception}");
        return Refused;
    }
}
