using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Nosana.LocalNet.Front;

/// <summary>
/// A stand-in of the network's ingress: tunnels come in at one port, and what they serve is reached by host name at another, by HTTP and, for SSH, by
/// <c>CONNECT</c>. It looks at a connection's first request alone and changes nothing of what goes through.
/// </summary>
public sealed class FrontServer : IAsyncDisposable
{
    private readonly FrontStreams _streams = new();
    private readonly CancellationTokenSource _ending = new();
    private readonly TcpListener _control, _http, _connect;
    private readonly List<Task> _accepting;

    private FrontServer(FrontOptions options)
    {
        Domain = options.Domain;
        _control = Listen(options.Address, options.ControlPort, "tunnels");
        _http = Listen(IPAddress.Loopback, options.HttpPort, "host names");
        _connect = Listen(IPAddress.Loopback, options.ConnectPort, "CONNECT");
        _accepting = [AcceptAsync(_control, ServeTunnelAsync), AcceptAsync(_http, ServeHttpAsync), AcceptAsync(_connect, ServeConnectAsync)];
    }

    public FrontProxies Proxies { get; } = new();

    public string Domain { get; }

    /// <summary>Where tunnel clients connect.</summary>
    public IPEndPoint ControlEndPoint => (IPEndPoint)_control.LocalEndpoint;

    /// <summary>Where host names are served.</summary>
    public int HttpPort => ((IPEndPoint)_http.LocalEndpoint).Port;

    /// <summary>Where <c>CONNECT</c> is served.</summary>
    public int ConnectPort => ((IPEndPoint)_connect.LocalEndpoint).Port;

    /// <exception cref="LocalNetPortException">A port is taken, or the address is not this machine's.</exception>
    public static FrontServer Start(FrontOptions options) => new(options);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        foreach (TcpListener listener in (TcpListener[])[_control, _http, _connect]) listener.Stop();
        await Task.WhenAll(_accepting);
        _ending.Dispose();
    }

    private static TcpListener Listen(IPAddress address, int port, string what)
    {
        var listener = new TcpListener(address, port);
        try
        {
            listener.Start();
            return listener;
        }
        catch (SocketException e)
        {
            throw new LocalNetPortException(
                port, $"The front cannot listen on {address}:{port} for {what}: {e.Message}. Choose another one, or 0 for a free one.", e);
        }
    }

    private async Task AcceptAsync(TcpListener listener, Func<NetworkStream, Task> serve)
    {
        try
        {
            while (true)
            {
                Socket socket = await listener.AcceptSocketAsync(_ending.Token);
                socket.NoDelay = true;
                _ = ServeAsync(new NetworkStream(socket, ownsSocket: true), serve);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // the front ends
        }
    }

    private static async Task ServeAsync(NetworkStream stream, Func<NetworkStream, Task> serve)
    {
        try
        {
            await serve(stream);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // one side went away
        }
    }

    private async Task ServeTunnelAsync(NetworkStream stream)
    {
        string? first = await FrontLines.ReadAsync(stream, _ending.Token);
        if (first?.Split(' ') is ["conn", var id])
        {
            if (!_streams.Bring(id, stream)) await stream.DisposeAsync();
            return;
        }
        await using (stream)
        {
            if (first is null) return;
            using var tunnel = new FrontTunnel(Proxies, _streams, stream);
            await tunnel.ServeAsync(first, _ending.Token);
        }
    }

    private async Task ServeHttpAsync(NetworkStream client)
    {
        await using (client)
        {
            if (await FrontLines.ReadHeadAsync(client, _ending.Token) is not { } head) return;
            string host = HostOf(head);
            if (await OpenAsync(FrontProxy.Http, host) is not { } tunnel)
            {
                await RefuseAsync(client, "404 Not Found", $"Nobody serves '{host}' here.");
                return;
            }
            await using (tunnel)
            {
                await tunnel.WriteAsync(Encoding.Latin1.GetBytes(head), _ending.Token);
                await RelayAsync(client, tunnel);
            }
        }
    }

    private async Task ServeConnectAsync(NetworkStream client)
    {
        await using (client)
        {
            if (await FrontLines.ReadHeadAsync(client, _ending.Token) is not { } head) return;
            if (head.Split(' ') is not ["CONNECT", var target, ..])
            {
                await RefuseAsync(client, "405 Method Not Allowed", "This port takes CONNECT.");
                return;
            }
            if (await OpenAsync(FrontProxy.TcpMux, target.Split(':')[0]) is not { } tunnel)
            {
                await RefuseAsync(client, "404 Not Found", $"Nobody serves '{target}' here.");
                return;
            }
            await using (tunnel)
            {
                await client.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), _ending.Token);
                await RelayAsync(client, tunnel);
            }
        }
    }

    private async Task<NetworkStream?> OpenAsync(string kind, string host)
    {
        if (Proxies.Find(kind, host) is not { } proxy) return null;
        try
        {
            return await proxy.Tunnel.OpenAsync(proxy, _ending.Token);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static string HostOf(string head)
    {
        string? line = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Host:", StringComparison.OrdinalIgnoreCase));
        return line is null ? "" : line["Host:".Length..].Trim().Split(':')[0];
    }

    private static async Task RefuseAsync(NetworkStream client, string status, string why)
    {
        string head = $"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(why)}\r\n";
        await client.WriteAsync(Encoding.UTF8.GetBytes($"{head}Connection: close\r\n\r\n{why}"));
    }

    /// <summary>Both ways until both have ended; the end of one is told to the other side.</summary>
    private Task RelayAsync(NetworkStream one, NetworkStream other) => Task.WhenAll(PumpAsync(one, other), PumpAsync(other, one));

    private async Task PumpAsync(NetworkStream from, NetworkStream to)
    {
        try
        {
            await from.CopyToAsync(to, _ending.Token);
            to.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            from.Close();
            to.Close();
        }
    }
}
