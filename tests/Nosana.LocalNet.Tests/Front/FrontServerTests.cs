using System.Net;
using System.Net.Sockets;
using System.Text;
using Nosana.LocalNet.Front;

namespace Nosana.LocalNet.Tests.Front;

/// <summary>The stand-in of the network's ingress.</summary>
public sealed class FrontServerTests : IAsyncLifetime
{
    private LocalNetServer _network = null!;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private FrontServer Front => _network.Front!;

    public async ValueTask InitializeAsync() =>
        _network = await LocalNetServer.StartAsync(new LocalNetOptions { Port = 0, Front = new FrontOptions { Domain = "node.localhost" } }, Cancel);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _network.DisposeAsync();
    }

    [Fact]
    public async Task Http_NameOfATunnel_GoesThroughIt()
    {
        await using StandInTunnel tunnel = await ConnectAsync("""{"jobId":"j","proxies":[{"name":"a","localIp":"x","localPorts":"1","opId":"o","customDomain":"AbC.node.localhost"}]}""", "one");
        Assert.Equal("one", await GetAsync("abc.node.localhost")); // browsers lower the case
        Assert.Equal(new Dictionary<string, string> { ["opId"] = "o", ["jobId"] = "j" }, Assert.Single(Front.Proxies.All).Labels);
    }

    [Fact]
    public async Task Http_NameThatNobodyServes_IsNotFound()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{Front.HttpPort}/") { Headers = { Host = "none.node.localhost" } };
        using HttpResponseMessage answer = await _http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Http_NameThatHostsShare_IsServedByEachInTurnAndByNoneThatIsUnwell()
    {
        await using StandInTunnel one = await ConnectAsync(Replica("1"), "one"), two = await ConnectAsync(Replica("2"), "two");
        string[] answers = [await GetAsync("d.node.localhost"), await GetAsync("d.node.localhost"), await GetAsync("d.node.localhost"), await GetAsync("d.node.localhost")];
        Assert.Equal((2, 2), (answers.Count(answer => answer == "one"), answers.Count(answer => answer == "two")));

        await one.SayAsync("health 1-dp down\n");
        await Happened(FrontEvent.Unregistered, FrontEvent.Unhealthy);
        Assert.Equal(["two", "two"], [await GetAsync("d.node.localhost"), await GetAsync("d.node.localhost")]);
        Assert.Equal("one", await GetAsync("own1.node.localhost")); // its own name leads there all the same
    }

    [Fact]
    public async Task Tunnel_SaysGoodbyeOrIsCut_IsToldApart()
    {
        StandInTunnel kind = await ConnectAsync(Replica("1"), "one");
        await kind.SayAsync("goodbye\n");
        await kind.DisposeAsync();
        await Happened(FrontEvent.Unregistered, FrontEvent.Graceful);
        StandInTunnel cut = await ConnectAsync(Replica("2"), "two");
        await cut.DisposeAsync();
        await Happened(FrontEvent.Unregistered, FrontEvent.Lost);
        Assert.Empty(Front.Proxies.All);
    }

    [Fact]
    public async Task Connect_NameOfAnSshProxy_IsAByteStream()
    {
        await using StandInTunnel tunnel = await ConnectAsync(
            """{"proxies":[{"name":"s","type":"tcpmux","localIp":"x","localPorts":"1","customDomain":"j-0-ssh.node.localhost"}]}""", "SSH-2.0-x");
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Front.ConnectPort, Cancel);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync("CONNECT j-0-ssh.node.localhost:22 HTTP/1.1\r\n\r\n"u8.ToArray(), Cancel);
        using var reader = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 200 OK", await reader.ReadLineAsync(Cancel));
        Assert.Equal("", await reader.ReadLineAsync(Cancel));
        await stream.WriteAsync("hello\n"u8.ToArray(), Cancel);
        Assert.Contains("SSH-2.0-x", await reader.ReadToEndAsync(Cancel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_OfWhoDeploys_BeginWithASnapshotAndSayWhoWent()
    {
        await using StandInTunnel there = await ConnectAsync(Replica("1"), "one");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(_network.Info.Front!.Events), "api/conn/events"));
        using (HttpResponseMessage refused = await _http.GetAsync(request.RequestUri, Cancel)) Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        request.Headers.Add("X-API-Key", "any");
        using HttpResponseMessage answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancel));
        Assert.Equal("event: registered", await NextAsync(lines, "event"));
        Assert.Contains("\"deploymentId\":\"D\"", await NextAsync(lines, "data"), StringComparison.Ordinal);
        Assert.Equal("event: registered", await NextAsync(lines, "event")); // the shared name
        await there.SayAsync("goodbye\n");
        await there.DisposeAsync();
        Assert.Equal("event: unregistered", await NextAsync(lines, "event"));
        Assert.Contains("\"reason\":\"graceful\"", await NextAsync(lines, "data"), StringComparison.Ordinal);
    }

    private static async Task<string> NextAsync(StreamReader lines, string field)
    {
        while (true)
        {
            string line = await lines.ReadLineAsync(Cancel) ?? throw new EndOfStreamException();
            if (line.StartsWith(field, StringComparison.Ordinal)) return line;
        }
    }

    private static string Replica(string name) =>
        $$"""{"jobId":"j{{name}}","deploymentId":"D","proxies":[{"name":"{{name}}","localIp":"x","localPorts":"1","opId":"o","customDomain":"own{{name}}.node.localhost","deploymentDomain":"d.node.localhost"}]}""";

    private async Task<StandInTunnel> ConnectAsync(string hello, string says)
    {
        int before = Front.Proxies.History.Count;
        StandInTunnel tunnel = await StandInTunnel.ConnectAsync(Front.ControlEndPoint, hello, says, Cancel);
        while (Front.Proxies.History.Count == before) await Task.Yield();
        return tunnel;
    }

    private async Task Happened(string @event, string reason)
    {
        while (!Front.Proxies.History.Any(one => one.Event == @event && one.Reason == reason))
        {
            Cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task<string> GetAsync(string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{Front.HttpPort}/") { Headers = { Host = host } };
        using HttpResponseMessage answer = await _http.SendAsync(request, Cancel);
        return await answer.Content.ReadAsStringAsync(Cancel);
    }

    /// <summary>A tunnel client of which every stream says the same.</summary>
    private sealed class StandInTunnel : IAsyncDisposable
    {
        private readonly TcpClient _control;
        private readonly Task _serving;

        private StandInTunnel(TcpClient control, IPEndPoint front, string says)
        {
            _control = control;
            _serving = ServeAsync(front, says);
        }

        public static async Task<StandInTunnel> ConnectAsync(IPEndPoint front, string hello, string says, CancellationToken cancel)
        {
            var control = new TcpClient();
            await control.ConnectAsync(front, cancel);
            await control.GetStream().WriteAsync(Encoding.UTF8.GetBytes(hello + "\n"), cancel);
            return new StandInTunnel(control, front, says);
        }

        public ValueTask SayAsync(string line) => _control.GetStream().WriteAsync(Encoding.UTF8.GetBytes(line));

        public async ValueTask DisposeAsync()
        {
            _control.Dispose();
            await _serving;
        }

        private async Task ServeAsync(IPEndPoint front, string says)
        {
            try
            {
                using var lines = new StreamReader(_control.GetStream());
                while (await lines.ReadLineAsync() is { } line)
                {
                    using var work = new TcpClient();
                    await work.ConnectAsync(front);
                    NetworkStream stream = work.GetStream();
                    await stream.WriteAsync(Encoding.UTF8.GetBytes($"conn {line.Split(' ')[1]}\n"));
                    await stream.ReadExactlyAsync(new byte[1]);
                    await stream.WriteAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {says.Length}\r\n\r\n{says}"));
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or SocketException)
            {
                // it was cut
            }
        }
    }
}
