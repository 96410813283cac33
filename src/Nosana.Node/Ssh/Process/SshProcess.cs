using System.Net.Sockets;
using System.Text;
using Nosana.Node.Ssh.Process.Native;
using Nosana.Node.Ssh.Protocol;

namespace Nosana.Node.Ssh.Process;

/// <summary>
/// The process that speaks SSH: libssh and nothing else. It gets connections from the agent over a socket that it makes, asks the agent about keys, and passes
/// terminals on. Of the host it has the SSH host key alone. It ends with its standard input, which is the agent's to hold.
/// </summary>
internal static unsafe class SshProcess
{
    /// <summary>Told when it takes connections; every other line is for the log.</summary>
    public const string Ready = "ready";

    private const int Loops = 2;

    /// <summary>Pairs of which one connection has come; the agent makes both at once.</summary>
    private const int MaxHalves = 1024;

    private const int OpeningMilliseconds = 5_000;

    /// <param name="directory">For the socket; nothing else on disk can be written.</param>
    /// <param name="isConfined">It was started by itself, confined.</param>
    /// <param name="input">The host key in OpenSSH's form, ended by a zero byte. Its end ends the process.</param>
    /// <param name="tell">Takes a line for the agent's log.</param>
    /// <returns>The exit code.</returns>
    public static int Run(string directory, bool isConfined, Stream input, Action<string> tell)
    {
        if (!isConfined) return Confinement.StartAgain(directory, tell);
        string? key = ReadKey(input);
        if (key is null) return 0; // the agent has ended already
        if (Prepare(key, tell) is not { } bind) return 1;
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        string socket = SocketIn(directory);
        File.Delete(socket);
        listener.Bind(new UnixDomainSocketEndPoint(socket));
        listener.Listen(128);
        SshLoop[] loops = [.. Enumerable.Range(0, Loops).Select(_ => new SshLoop(bind, tell))];
        new Thread(() => Accept(listener, loops, tell)) { IsBackground = true, Name = "SSH connections" }.Start();
        Confinement.Close(tell);
        tell(Ready);
        while (input.ReadByte() >= 0)
        {
            // nothing more is expected
        }
        return 0;
    }

    public static string SocketIn(string directory) => Path.Combine(directory, "server.sock");

    private static string? ReadKey(Stream input)
    {
        var bytes = new MemoryStream();
        for (int next = input.ReadByte(); next > 0; next = input.ReadByte()) bytes.WriteByte((byte)next);
        return bytes.Length == 0 ? null : Encoding.ASCII.GetString(bytes.ToArray());
    }

    private static nint? Prepare(string hostKey, Action<string> tell)
    {
        // What these are in another version is not known, and would be written into.
        if (sizeof(nint) != 8 || sizeof(ServerCallbacks) != 88 || sizeof(ChannelCallbacks) != 136) return Fail("this machine has other pointers");
        try
        {
            if (LibSsh.ssh_init() != LibSsh.Ok) return Fail("libssh cannot be prepared");
        }
        catch (DllNotFoundException)
        {
            return Fail($"{LibSsh.Name} is not there");
        }
        nint key;
        if (LibSsh.ssh_pki_import_privkey_base64(hostKey, null, 0, 0, &key) != LibSsh.Ok) return Fail("the host key cannot be read");
        nint bind = LibSsh.ssh_bind_new();
        bool no = false;
        bool isSet = LibSsh.ssh_bind_options_set(bind, LibSsh.ProcessConfig, &no) == LibSsh.Ok // the machine's own configuration of libssh is not for us
            && LibSsh.ssh_bind_options_set(bind, LibSsh.ImportKey, (void*)key) == LibSsh.Ok
            && Set(bind, LibSsh.PublicKeyTypes, "ssh-ed25519,sk-ssh-ed25519@openssh.com,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,"
                + "sk-ecdsa-sha2-nistp256@openssh.com,rsa-sha2-512,rsa-sha2-256")
            && Set(bind, LibSsh.KeyExchange, "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,diffie-hellman-group16-sha512")
            && Set(bind, LibSsh.CiphersIn, "aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,aes256-ctr")
            && Set(bind, LibSsh.CiphersOut, "aes256-gcm@openssh.com,chacha20-poly1305@openssh.com,aes256-ctr");
        return isSet ? bind : Fail("libssh does not take its settings");

        nint? Fail(string why)
        {
            tell(why);
            return null;
        }
    }

    private static bool Set(nint bind, int option, string value)
    {
        fixed (byte* text = Encoding.ASCII.GetBytes(value + '\0')) return LibSsh.ssh_bind_options_set(bind, option, text) == LibSsh.Ok;
    }

    /// <summary>Both connections of a pair come one after the other: first the one for frames, then the client's bytes.</summary>
    private static void Accept(Socket listener, SshLoop[] loops, Action<string> tell)
    {
        var halves = new Dictionary<Guid, Socket>();
        for (int next = 0; ; next++)
        {
            Socket socket = listener.Accept();
            try
            {
                if (!TryOpen(socket, out byte kind, out Guid pair)) continue;
                if (kind == SshFrame.Session && halves.Count < MaxHalves)
                {
                    halves[pair] = socket;
                    socket = null!;
                }
                else if (kind == SshFrame.Wire && halves.Remove(pair, out Socket? session))
                {
                    session.Blocking = false;
                    int wire = LibC.dup((int)socket.Handle); // libssh gets its own, and closes it
                    _ = LibC.fcntl(wire, LibC.SetDescriptorFlags, LibC.CloseOnExec);
                    loops[next % loops.Length].Add(wire, new AgentLink(session));
                }
            }
            catch (SocketException e)
            {
                tell($"a connection did not begin: {e.Message}");
            }
            finally
            {
                socket?.Dispose();
            }
        }
    }

    private static bool TryOpen(Socket socket, out byte kind, out Guid pair)
    {
        socket.ReceiveTimeout = OpeningMilliseconds;
        Span<byte> opening = stackalloc byte[SshFrame.OpeningLength];
        for (int have = 0; have < opening.Length;)
        {
            int count = socket.Receive(opening[have..], SocketFlags.None);
            if (count == 0)
            {
                (kind, pair) = default((byte, Guid));
                return false;
            }
            have += count;
        }
        (kind, pair) = (opening[0], new Guid(opening[1..]));
        return true;
    }
}
