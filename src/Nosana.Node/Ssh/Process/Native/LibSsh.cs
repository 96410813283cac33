using System.Runtime.InteropServices;

namespace Nosana.Node.Ssh.Process.Native;

/// <summary>
/// The part of libssh (its server's side, <c>libssh/server.h</c> and <c>libssh/callbacks.h</c> of 0.10) that the SSH process uses. All calls of a session
/// belong on one thread. Callbacks are function pointers that libssh keeps, and none of them may let an exception out.
/// </summary>
internal static unsafe partial class LibSsh
{
    public const string Name = "libssh.so.4";

    public const int Ok = 0, Error = -1, Denied = 1;

    /// <summary><c>SSH_AUTH_METHOD_PUBLICKEY</c>.</summary>
    public const int PublicKeyAlone = 4;

    /// <summary><c>SSH_CLOSED | SSH_CLOSED_ERROR</c>; the other bits of a status say that something waits to be read or written.</summary>
    public const int Closed = 1 | 4;

    /// <summary><c>SSH_PUBLICKEY_STATE_NONE</c>: would this key do? <c>SSH_PUBLICKEY_STATE_VALID</c>: and here is its signature, which is right.</summary>
    public const sbyte Asked = 0, Signed = 1;

    /// <summary>Numbers of <c>enum ssh_bind_options_e</c>.</summary>
    public const int ImportKey = 10, KeyExchange = 11, CiphersIn = 12, CiphersOut = 13, PublicKeyTypes = 17, ProcessConfig = 19;

    [LibraryImport(Name)] public static partial int ssh_init();

    [LibraryImport(Name)] public static partial nint ssh_version(int required);

    [LibraryImport(Name)] public static partial nint ssh_bind_new();

    [LibraryImport(Name)] public static partial int ssh_bind_options_set(nint bind, int option, void* value);

    [LibraryImport(Name)] public static partial int ssh_bind_accept_fd(nint bind, nint session, int fd);

    [LibraryImport(Name)] public static partial nint ssh_new();

    [LibraryImport(Name)] public static partial void ssh_free(nint session);

    [LibraryImport(Name)] public static partial void ssh_disconnect(nint session);

    [LibraryImport(Name)] public static partial int ssh_set_server_callbacks(nint session, ServerCallbacks* callbacks);

    [LibraryImport(Name)] public static partial void ssh_set_auth_methods(nint session, int methods);

    [LibraryImport(Name)] public static partial void ssh_set_blocking(nint session, int blocking);

    [LibraryImport(Name)] public static partial int ssh_handle_key_exchange(nint session);

    [LibraryImport(Name)] public static partial int ssh_get_status(nint session);

    [LibraryImport(Name)] public static partial nint ssh_get_error(nint session);

    [LibraryImport(Name)] public static partial int ssh_send_keepalive(nint session);

    [LibraryImport(Name)]
    public static partial void ssh_set_message_callback(nint session, delegate* unmanaged<nint, nint, nint, int> callback, nint user);

    [LibraryImport(Name)] public static partial nint ssh_event_new();

    [LibraryImport(Name)] public static partial int ssh_event_add_session(nint loop, nint session);

    [LibraryImport(Name)] public static partial int ssh_event_remove_session(nint loop, nint session);

    [LibraryImport(Name)]
    public static partial int ssh_event_add_fd(nint loop, int fd, short events, delegate* unmanaged<int, int, nint, int> callback, nint user);

    [LibraryImport(Name)] public static partial int ssh_event_remove_fd(nint loop, int fd);

    [LibraryImport(Name)] public static partial int ssh_event_dopoll(nint loop, int milliseconds);

    [LibraryImport(Name)] public static partial nint ssh_channel_new(nint session);

    [LibraryImport(Name)] public static partial int ssh_set_channel_callbacks(nint channel, ChannelCallbacks* callbacks);

    [LibraryImport(Name)] public static partial int ssh_channel_write(nint channel, byte* data, uint length);

    [LibraryImport(Name)] public static partial int ssh_channel_read_nonblocking(nint channel, byte* data, uint length, int isStderr);

    [LibraryImport(Name)] public static partial uint ssh_channel_window_size(nint channel);

    [LibraryImport(Name)] public static partial int ssh_channel_request_send_exit_status(nint channel, int status);

    [LibraryImport(Name)] public static partial int ssh_channel_send_eof(nint channel);

    [LibraryImport(Name)] public static partial int ssh_channel_close(nint channel);

    [LibraryImport(Name)] public static partial int ssh_channel_is_closed(nint channel);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ssh_pki_import_privkey_base64(string key, byte* passphrase, nint ask, nint user, nint* imported);

    [LibraryImport(Name)] public static partial int ssh_pki_export_pubkey_base64(nint key, nint* base64);

    [LibraryImport(Name)] public static partial int ssh_key_type(nint key);

    [LibraryImport(Name)] public static partial nint ssh_key_type_to_char(int type);

    [LibraryImport(Name)] public static partial void ssh_string_free_char(nint text);

    /// <summary>A copy of a text that stays libssh's.</summary>
    public static string TextOf(nint text) => Marshal.PtrToStringUTF8(text) ?? "";
}

/// <summary><c>struct ssh_server_callbacks_struct</c>: its size first, then what every callback is given, then the callbacks.</summary>
internal unsafe struct ServerCallbacks
{
    public nuint Size;
    public nint User;
    public nint Password;
    public delegate* unmanaged<nint, byte*, nint, int> None;
    public nint GssapiMic;
    public delegate* unmanaged<nint, byte*, nint, sbyte, nint, int> PublicKey;
    public nint Service;
    public delegate* unmanaged<nint, nint, nint> OpenSession;
    public nint GssapiOid, GssapiAccept, GssapiVerify;
}

/// <summary><c>struct ssh_channel_callbacks_struct</c>. What is left out is refused.</summary>
internal unsafe struct ChannelCallbacks
{
    public nuint Size;
    public nint User;
    public delegate* unmanaged<nint, nint, byte*, uint, int, nint, int> Data;
    public delegate* unmanaged<nint, nint, nint, void> Eof, Close;
    public nint Signal, ExitStatus, ExitSignal;
    public delegate* unmanaged<nint, nint, byte*, int, int, int, int, nint, int> Pty;
    public delegate* unmanaged<nint, nint, nint, int> Shell;
    public nint AgentForwarding, X11;
    public delegate* unmanaged<nint, nint, int, int, int, int, nint, int> WindowChange;
    public delegate* unmanaged<nint, nint, byte*, nint, int> Exec;
    public delegate* unmanaged<nint, nint, byte*, byte*, nint, int> Environment;
    public delegate* unmanaged<nint, nint, byte*, nint, int> Subsystem;
    public delegate* unmanaged<nint, nint, uint, nint, int> WriteWontBlock;
}
