using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Nosana.Testing;

namespace Nosana.Node.Tests.Exposure;

/// <summary>Requests that two servers could read differently, that have no end, or that ask for what is not theirs: each is refused before any container sees it.</summary>
public sealed class IngressBadInputTests : IAsyncLifetime
{
    private const string Name = "4slzmqbma1htu5tifyhwprenkjfa3jlz6jbzmt2z39yq.localhost";
    private const string Head = $"POST /first HTTP/1.1\r\nHost: {Name}\r\n", Second = $"GET /smuggled HTTP/1.1\r\nHost: {Name}\r\nConnection: close\r\n\r\n";
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly RawServer _container = new();
    private Ingress? _ingress;

    private IPEndPoint Through => new(IPAddress.Loopback, _ingress!.Server.Address.Port);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _ingress = await Ingress.StartAsync(more: options => options.HeadersTimeout = s_patience);
        _ingress.Table.Add(Name, _container.Address, "job");
    }

    public async ValueTask DisposeAsync()
    {
        await _ingress!.DisposeAsync();
        await _container.DisposeAsync();
    }

    [Theory]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("Content-Length: 0\r\nContent-Length: 44\r\n\r\n", 400)]
    [InlineData("Content-Length: 0, 44\r\n\r\n", 400)]
    [InlineData("Content-Length: 0x4\r\n\r\nabcd", 400)]
    [InlineData("Content-Length: -1\r\n\r\n", 400)]
    [InlineData("Content-Length: 99999999999999999999\r\n\r\n", 400)]
    [InlineData("Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("Transfer-Encoding\u000b: chunked\r\n\r\n0\r\n\r\n", 400)]
    [InlineData("X-A: 1\r\n Content-Length: 4\r\n\r\n", 400)]
    [InlineData("X-A: 1\r\n\tfolded\r\n\r\n", 400)]
    [InlineData("X-A: 1\nContent-Length: 4\r\n\r\n", 400)]
    [InlineData("X-A: 1\rContent-Length: 4\r\n\r\n", 400)]
    [InlineData("X-A: 1\r\n\n", 400)]
    [InlineData("X-A: a\0b\r\n\r\n", 400)]
    [InlineData("X A: 1\r\n\r\n", 400)]
    [InlineData(": 1\r\n\r\n", 400)]
    [InlineData("Host: other.localhost\r\n\r\n", 400)]
    public async Task Framing_ThatTwoServersCouldReadDifferently_IsRefusedAndTheConnectionEnds(string rest, int status)
    {
        string answer = await RawClient.ExchangeAsync(Through, Head + rest + Second);

        Assert.Equal(status, RawClient.StatusOf(answer));
        Assert.Empty(_container.Heads);
        Assert.Equal(1, CountOf("HTTP/1.1 ", answer));
    }

    [Fact]
    public async Task Framing_OfOneMeaning_IsServed()
    {
        string answer = await RawClient.ExchangeAsync(Through, Head + "Content-Length: 4\r\nX-A: 1\r\n\r\nabcd" + Second);
        Assert.Equal(2, CountOf("HTTP/1.1 200", answer));
        Assert.Equal(["POST /first", "GET /smuggled"], _container.Heads.Select(head => head[..head.IndexOf(" HTTP", StringComparison.Ordinal)]));
    }

    [Fact]
    public async Task Length_WithASign_IsToldWithoutIt()
    {
        await RawClient.ExchangeAsync(Through, Head + "Content-Length: +4\r\nConnection: close\r\n\r\nabcd");
        Assert.Equal("4", RawClient.HeaderOf(_container.TakeHead(), "Content-Length"));
    }

    [Theory]
    [InlineData("5\r\nabcd\r\n0\r\n\r\n")]
    [InlineData("4\nabcd\r\n0\r\n\r\n")]
    [InlineData("4;a\nb\r\nabcd\r\n0\r\n\r\n")]
    [InlineData("4;a\rb\r\nabcd\r\n0\r\n\r\n")]
    [InlineData("-4\r\nabcd\r\n0\r\n\r\n")]
    [InlineData("FFFFFFFFFFFFFFFF\r\nabcd\r\n0\r\n\r\n")]
    [InlineData("4\r\nabcdXX0\r\n\r\n")]
    public async Task Chunks_ThatAreNone_EndTheConnection(string body)
    {
        string answer = await RawClient.ExchangeAsync(Through, Head + "Transfer-Encoding: chunked\r\n\r\n" + body + Second);

        Assert.DoesNotContain("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(_container.Heads, head => head.Contains("/smuggled", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\nHost: " + Name + "\n\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET /a b HTTP/1.1\r\nHost: " + Name + "\r\n\r\n", 400)]
    [InlineData("GET /a\u0001b HTTP/1.1\r\nHost: " + Name + "\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET /\u00e9 HTTP/1.1\r\nHost: " + Name + "\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET http://other.localhost/ HTTP/1.1\r\nHost: " + Name + "\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET http://x@" + Name + "/ HTTP/1.1\r\nHost: other.localhost\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: x@" + Name + "\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: " + Name + "/x\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: " + Name + ", other\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: " + Name + ":80:80\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-Host: " + Name + "\r\nX-Original-URL: /_/x\r\nConnection: close\r\n\r\n", 404)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 404)]
    [InlineData("GET / HTTP/1.1\r\nHost: sub." + Name + "\r\nConnection: close\r\n\r\n", 404)]
    [InlineData("CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\nConnection: close\r\n\r\n", 405)]
    [InlineData("CONNECT " + Name + ":80 HTTP/1.1\r\nHost: " + Name + ":80\r\nConnection: close\r\n\r\n", 405)]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: " + Name + "\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n", 0)]
    [InlineData("GET / HTTP/9.9\r\nHost: " + Name + "\r\n\r\n", 505)]
    [InlineData("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003\r\n\r\n", 400)]
    public async Task Target_OfNoService_ReachesNobody(string request, int status)
    {
        string answer = await RawClient.ExchangeAsync(Through, request);
        Assert.Equal(status, RawClient.StatusOf(answer));
        Assert.Empty(_container.Heads);
    }

    [Theory]
    [InlineData("a%2Fb.localhost")]
    [InlineData("4slzmqbma1htu5tifyhwprenkjfa3jlz6jbzmt2z39yq.localhost.evil.example")]
    [InlineData("[::1]")]
    [InlineData("169.254.169.254")]
    [InlineData("0")]
    public async Task Host_OfAnotherPlace_IsNeverConnectedTo(string host)
    {
        string answer = await RawClient.ExchangeAsync(Through, $"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        Assert.Contains(RawClient.StatusOf(answer), new[] { 400, 404 });
        Assert.Empty(_container.Heads);
    }

    [Fact]
    public async Task Headers_OfAMegabyte_AreRefusedAndTheNextClientIsServed()
    {
        Assert.Equal(431, RawClient.StatusOf(await RawClient.ExchangeAsync(Through, $"{Head}X-Long: {new string('x', 1 << 20)}\r\n\r\n")));
        Assert.Equal(431, RawClient.StatusOf(await RawClient.ExchangeAsync(Through, Head + string.Concat(Enumerable.Repeat("X-Many: 1\r\n", 1000)) + "\r\n")));
        Assert.Equal(414, RawClient.StatusOf(await RawClient.ExchangeAsync(Through, $"GET /{new string('x', 1 << 20)} HTTP/1.1\r\nHost: {Name}\r\n\r\n")));
        Assert.Equal(200, RawClient.StatusOf(await RawClient.ExchangeAsync(Through, Second)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("G")]
    [InlineData("PRI * HT")]
    [InlineData("GET / HTTP/1.1\r\nHost: x")]
    [InlineData("GET / HTTP/1.1\r\nHost: x\r\n")]
    public async Task Client_ThatNeverFinishesItsHeaders_IsLeft(string beginning)
    {
        using TcpClient client = await RawClient.ConnectAsync(Through);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(beginning), Token);
        // Ends with the ingress's patience: the test's own would be thirty times as long.
        string answer = await RawClient.ReadToEndAsync(stream);
        Assert.Contains(RawClient.StatusOf(answer), new[] { 0, 408 });
    }

    [Fact]
    public async Task Client_ThatGoesAway_TheContainerIsTold()
    {
        _container.Answer = "";
        using (TcpClient client = await RawClient.ConnectAsync(Through))
        {
            await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes($"GET / HTTP/1.1\r\nHost: {Name}\r\n\r\n"), Token);
            await Eventually.TrueAsync(() => _container.Heads.Count == 1, "the request reaching the container");
        }
        await Eventually.TrueAsync(() => _container.Closed == 1, "the container's connection being closed");
    }

    [Fact]
    public async Task WebSocket_WhoseClientHalfCloses_IsClosedToTheContainer()
    {
        _container.Answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: x\r\n\r\n";
        await using var holding = new HoldingServer(_container.Answer);
        _ingress!.Table.Add(Name, holding.Address, "job");
        using TcpClient client = await RawClient.ConnectAsync(Through);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(
            $"GET / HTTP/1.1\r\nHost: {Name}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n"), Token);
        Assert.Equal(101, RawClient.StatusOf(await RawClient.ReadHeadAsync(stream, Token)));

        client.Client.Shutdown(SocketShutdown.Send);

        await holding.Ended.WaitAsync(Token);
    }

    [Fact]
    public async Task Connection_OfASilentClient_IsProbedByTheKernel()
    {
        using TcpClient client = await RawClient.ConnectAsync(Through);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes($"GET / HTTP/1.1\r\nHost: {Name}\r\n\r\n"), Token);
        await RawClient.ReadHeadAsync(client.GetStream(), Token);
        int port = ((IPEndPoint)client.Client.LocalEndPoint!).Port;
        // /proc/net/tcp: local and remote address, state (01 is connected), queues, and which timer runs: 02 is keep-alive.
        string[][] rows = [.. (await File.ReadAllLinesAsync("/proc/net/tcp", Token)).Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        string[] row = Assert.Single(rows, row => PortOf(row[1]) == Through.Port && PortOf(row[2]) == port);
        Assert.StartsWith("02:", row[5], StringComparison.Ordinal);

        static int PortOf(string address) => int.Parse(address.AsSpan(address.IndexOf(':') + 1), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private static int CountOf(string part, string text) => text.Split(part).Length - 1;

    /// <summary>Answers one request with a text and holds the connection until the other side closes it.</summary>
    private sealed class HoldingServer : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public HoldingServer(string answer)
        {
            _listener.Start();
            Ended = ServeAsync(answer);
        }

        public Uri Address => new($"http://{_listener.LocalEndpoint}");

        public Task Ended { get; }

        public ValueTask DisposeAsync()
        {
            _listener.Dispose();
            return default;
        }

        private async Task ServeAsync(string answer)
        {
            using TcpClient client = await _listener.AcceptTcpClientAsync(Token);
            NetworkStream stream = client.GetStream();
            await RawClient.ReadHeadAsync(stream, Token);
            await stream.WriteAsync(Encoding.Latin1.GetBytes(answer), Token);
            await RawClient.ReadToEndAsync(stream);
        }
    }
}
