using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>
/// What stands for the operator's network, the cloud's metadata service and the internet: addresses in a network namespace of its own,
/// at the other end of a virtual cable. Whoever connects reads one line. No packet leaves the machine, or even the tests' namespace.
/// </summary>
internal sealed class LanStandIn : IAsyncDisposable
{
    /// <summary>Tests that use the same addresses, or look at all that are connected to, run one after the other.</summary>
    public const string Addresses = "addresses of the stand-ins";

    /// <summary>Answers everywhere.</summary>
    public const int ServicePort = 8080;

    public const int DnsPort = 53;

    /// <summary>This machine's own address on that network.</summary>
    public const string OwnAddress = "10.250.0.1";

    public const string Answer = "reached";

    private const int NewNetworkNamespace = 0x40000000;

    private readonly Process _holder;
    private readonly string _cable, _farEnd, _own;
    private readonly CancellationTokenSource _end = new();
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _serving = [];
    private readonly List<string> _heard = [];

    private LanStandIn(Process holder, string cable, string own) => (_holder, _cable, _farEnd, _own) = (holder, cable + "0", cable + "1", own);

    /// <summary>Datagrams that reached this machine.</summary>
    public IReadOnlyList<string> Heard
    {
        get { lock (_heard) return [.. _heard]; }
    }

    /// <summary>Port on all addresses of this machine, TCP and UDP: the agent's own, or any other program's.</summary>
    public int MachinePort { get; private set; }

    /// <param name="addresses">What is there. IPv6 ones are neighbours on the cable.</param>
    /// <param name="cable">Its name; two at once need two.</param>
    /// <param name="own">This machine's address on the cable.</param>
    public static async Task<LanStandIn> StartAsync(IEnumerable<string> addresses, string cable = "nosana-lan", string own = OwnAddress)
    {
        if (Environment.GetEnvironmentVariable("NOSANA_ISOLATED") != "1")
            throw new InvalidOperationException("The egress tests change addresses and rules: they run in network namespaces of their own only. Run packaging/test.sh.");
        var lan = new LanStandIn(Process.Start("unshare", ["--net", "sleep", "infinity"]), cable, own);
        try
        {
            await lan.LayAsync([.. addresses]);
            return lan;
        }
        catch
        {
            await lan.DisposeAsync();
            throw;
        }
    }

    /// <summary>Joins a multicast group on one of this machine's interfaces.</summary>
    public void Join(IPAddress group, int interfaceIndex) =>
        _sockets.First(socket => socket.ProtocolType == ProtocolType.Udp && ((IPEndPoint)socket.LocalEndPoint!).Port == MachinePort)
            .SetSocketOption(SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(group, interfaceIndex));

    public static async Task RunAsync(string program, params string[] arguments)
    {
        (int code, string text) = await TryRunAsync(null, program, arguments);
        if (code != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {code}: {text}");
    }

    public static async Task<(int Code, string Text)> TryRunAsync(IReadOnlyDictionary<string, string>? environment, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] += ":/usr/sbin:/sbin";
        foreach ((string name, string value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    /// <summary>Gives this machine a further address on the cable.</summary>
    public Task AddOwnAsync(string range) => RunAsync("ip", ["address", "add", range, "dev", _cable, .. range.Contains(':', StringComparison.Ordinal) ? ["nodad"] : Array.Empty<string>()]);

    /// <summary>A socket that listens on all addresses at the other end; the caller's.</summary>
    public async Task<Socket> ListenThereAsync(int port)
    {
        Socket? socket = null;
        await InNamespaceAsync($"/proc/{_holder.Id.ToString(CultureInfo.InvariantCulture)}/ns/net", () => socket = Bound(IPAddress.IPv6Any, port));
        return socket!;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        foreach (Socket socket in _sockets) socket.Dispose();
        await Task.WhenAll(_serving);
        if (!_holder.HasExited) _holder.Kill();
        await _holder.WaitForExitAsync();
        _holder.Dispose();
        _end.Dispose();
        // Its namespace goes with the last socket, and the cable with it; a failure before that leaves our end.
        await TryRunAsync(null, "ip", "link", "delete", _cable);
    }

    private async Task LayAsync(string[] addresses)
    {
        string pid = _holder.Id.ToString(CultureInfo.InvariantCulture);
        await TryRunAsync(null, "ip", "link", "delete", _cable);
        string own = File.ResolveLinkTarget("/proc/self/ns/net", false)!.Name;
        // unshare has begun, but may not have left our namespace yet.
        await Nosana.Testing.Eventually.TrueAsync(() => File.ResolveLinkTarget($"/proc/{pid}/ns/net", false)!.Name != own, "a network namespace of its own");
        await RunAsync("ip", "link", "add", _cable, "type", "veth", "peer", "name", _farEnd, "netns", pid);
        await RunAsync("ip", "address", "add", $"{_own}/32", "dev", _cable);
        await RunAsync("ip", "link", "set", _cable, "up");
        string[] there = ["-t", pid, "-n", "ip"];
        await RunAsync("nsenter", [.. there, "link", "set", _farEnd, "up"]);
        await RunAsync("nsenter", [.. there, "route", "add", $"{_own}/32", "dev", _farEnd]);
        foreach (string address in addresses)
        {
            if (address.Contains(':', StringComparison.Ordinal))
            {
                await RunAsync("nsenter", [.. there, "address", "add", $"{address}/64", "dev", _farEnd, "nodad"]);
                continue;
            }
            await RunAsync("nsenter", [.. there, "address", "add", $"{address}/32", "dev", _farEnd]);
            await RunAsync("ip", "route", "add", $"{address}/32", "dev", _cable);
        }
        await InNamespaceAsync($"/proc/{pid}/ns/net", () =>
        {
            Listen(IPAddress.Any, ServicePort);
            Listen(IPAddress.Any, DnsPort);
            // Each its own socket: one for all would answer from the first address, whichever was asked.
            foreach (string address in addresses.Where(address => address.Contains('.', StringComparison.Ordinal))) Hear(IPAddress.Parse(address), DnsPort);
        });
        MachinePort = Listen(IPAddress.IPv6Any, 0);
        Hear(IPAddress.Any, MachinePort);
    }

    private int Listen(IPAddress address, int port)
    {
        Socket socket = Bound(address, port);
        _sockets.Add(socket);
        _serving.Add(ServeAsync(async () =>
        {
            using Socket client = await socket.AcceptAsync(_end.Token);
            await client.SendAsync(Encoding.ASCII.GetBytes(Answer + "\n"), _end.Token);
        }));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static Socket Bound(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (address.AddressFamily == AddressFamily.InterNetworkV6) socket.DualMode = true;
        socket.Bind(new IPEndPoint(address, port));
        socket.Listen();
        return socket;
    }

    private void Hear(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, port));
        _sockets.Add(socket);
        byte[] buffer = new byte[512];
        _serving.Add(ServeAsync(async () =>
        {
            SocketReceiveFromResult received = await socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _end.Token);
            lock (_heard) _heard.Add(Encoding.ASCII.GetString(buffer, 0, received.ReceivedBytes).Trim());
            await socket.SendToAsync(Encoding.ASCII.GetBytes(Answer + "\n"), received.RemoteEndPoint, _end.Token);
        }));
    }

    private async Task ServeAsync(Func<Task> once)
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await once();
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // A client that went away: the next one.
            }
        }
    }

    /// <summary>A socket belongs to the namespace that its thread is in when it is made; the thread ends there.</summary>
    private static async Task InNamespaceAsync(string path, Action action)
    {
        // What follows goes on elsewhere: not on a thread of the other namespace.
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                using Microsoft.Win32.SafeHandles.SafeFileHandle file = File.OpenHandle(path);
                if (SetNamespace((int)file.DangerousGetHandle(), NewNetworkNamespace) != 0) throw new Win32Exception();
                action();
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }).Start();
        await done.Task;
    }

    [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetNamespace(int descriptor, int kind);
}
