using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Node.Exposure;
using Nosana.Node.Exposure.Forwarding;
using Nosana.Node.Exposure.Listening;
using Nosana.Testing;

namespace Nosana.Node.Tests.Exposure;

/// <summary>Where and how clients are served: protocols, TLS, further addresses, limits, the access log, and the ingress's own answers.</summary>
public sealed class IngressListenerTests : IDisposable
{
    private const string Name = "4slzmqbma1htu5tifyhwprenkjfa3jlz6jbzmt2z39yq.localhost";

    private readonly string _directory = Directory.CreateTempSubdirectory("nosana-ingress-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Http2_WithoutTls_IsServedOnTheSamePort()
    {
        await using ContainerStub container = await ContainerStub.StartAsync(context => context.Response.WriteAsync($"{context.Request.Protocol} {context.Request.Host}"));
        await using Ingress ingress = await Ingress.StartAsync();
        ingress.Table.Add(Name, container.Address, "job");
        using HttpClient client = Client(ingress.Server.Address.Port);

        foreach (Version version in new[] { HttpVersion.Version20, HttpVersion.Version11, HttpVersion.Version20 })
        {
            using HttpResponseMessage response = await client.SendAsync(Request(HttpMethod.Get, version), Token);
            Assert.Equal((HttpStatusCode.OK, version), (response.StatusCode, response.Version));
            Assert.StartsWith($"HTTP/1.1 {Name}", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Grpc_OverHttp2_ReachesAContainerThatSpeaksHttp2Alone()
    {
        await using ContainerStub container = await ContainerStub.StartAsync(async context =>
        {
            context.Response.ContentType = "application/grpc";
            context.Response.DeclareTrailer("grpc-status");
            var buffer = new byte[16];
            // Both ways at once, as a call that streams does.
            for (int read; (read = await context.Request.Body.ReadAsync(buffer)) > 0;)
            {
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, read));
                await context.Response.Body.FlushAsync();
            }
            context.Response.AppendTrailer("grpc-status", $"0 {context.Request.Protocol} {context.Request.Headers.TE}");
        }, protocols: HttpProtocols.Http2);
        await using Ingress ingress = await Ingress.StartAsync();
        ingress.Table.Add(Name, container.Address, "job");
        using HttpClient client = Client(ingress.Server.Address.Port);
        HttpRequestMessage request = Request(HttpMethod.Post, HttpVersion.Version20);
        var messages = Channel.CreateUnbounded<string>();
        request.Content = new Messages(messages.Reader);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        request.Headers.TE.ParseAdd("trailers");
        Task<HttpResponseMessage> sending = client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        await messages.Writer.WriteAsync("first", Token);

        using HttpResponseMessage response = await sending;
        Assert.True(response.IsSuccessStatusCode, await TextOfAsync(response));
        await using Stream body = await response.Content.ReadAsStreamAsync(Token);
        Assert.Equal("first", await ReadAsync(body, 5));
        await messages.Writer.WriteAsync("second", Token);
        Assert.Equal("second", await ReadAsync(body, 6));
        messages.Writer.Complete();

        Assert.Equal(0, await body.ReadAsync(new byte[1], Token));
        Assert.Equal("0 HTTP/2 trailers", Assert.Single(response.TrailingHeaders.GetValues("grpc-status")));
    }

    [Fact]
    public async Task WebSocket_OverHttp2_ReachesAContainerThatSpeaksHttp1()
    {
        await using ContainerStub container = await ContainerStub.StartAsync(async context =>
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.SendAsync(Encoding.UTF8.GetBytes(context.Request.Protocol).AsMemory(), WebSocketMessageType.Text, true, Token);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, Token);
        });
        await using Ingress ingress = await Ingress.StartAsync();
        ingress.Table.Add(Name, container.Address, "job");
        using var socket = new ClientWebSocket();
        socket.Options.HttpVersion = HttpVersion.Version20;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var invoker = new HttpMessageInvoker(Handler(ingress.Server.Address.Port));

        await socket.ConnectAsync(new Uri($"ws://{Name}/"), invoker, Token);

        var buffer = new byte[32];
        ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(), Token);
        Assert.Equal("HTTP/1.1", Encoding.UTF8.GetString(buffer, 0, received.Count));
    }

    [Fact]
    public async Task ListenAsync_WhileItRuns_ServesThereToo()
    {
        await using ContainerStub container = await ContainerStub.StartAsync("here");
        await using Ingress ingress = await Ingress.StartAsync();
        ingress.Table.Add(Name, container.Address, "job");

        IPEndPoint more = await ingress.Server.ListenAsync(new IPEndPoint(IPAddress.Parse("127.0.0.2"), 0), Token);

        Assert.Equal(more, await ingress.Server.ListenAsync(more, Token));
        string request = $"GET / HTTP/1.1\r\nHost: {Name}\r\nConnection: close\r\n\r\n";
        Assert.Equal(200, RawClient.StatusOf(await RawClient.ExchangeAsync(more, request)));
        await Assert.ThrowsAsync<ExposureAddressException>(() => ingress.Server.ListenAsync(new IPEndPoint(IPAddress.Loopback, ingress.Server.Address.Port), Token));
        await ingress.Server.CloseAsync(more, Token);
        await Assert.ThrowsAsync<SocketException>(() => RawClient.ExchangeAsync(more, request));
        Assert.Equal(200, RawClient.StatusOf(await RawClient.ExchangeAsync(new IPEndPoint(IPAddress.Loopback, ingress.Server.Address.Port), request)));
    }

    [Fact]
    public async Task Tls_FilesChange_TheNextHandshakeHasTheNewOne()
    {
        (string certificate, string key) = WriteCertificate("first");
        var clock = new ManualTimeProvider();
        await using ContainerStub container = await ContainerStub.StartAsync(context => context.Response.WriteAsync(context.Request.Headers["X-Forwarded-Proto"].ToString()));
        await using Ingress ingress = await Ingress.StartAsync(time: clock, more: options =>
            (options.ListenTls, options.Certificate, options.CertificateKey) = (new IPEndPoint(IPAddress.Loopback, 0), certificate, key));
        ingress.Table.Add(Name, container.Address, "job");
        int port = ingress.Server.TlsEndPoint!.Port;
        Assert.Equal(("CN=first", "h2"), await HandshakeAsync(port));
        using (HttpClient client = Client(port))
        {
            using HttpResponseMessage response = await client.SendAsync(Request(HttpMethod.Get, HttpVersion.Version20, "https"), Token);
            Assert.Equal("https", await response.Content.ReadAsStringAsync(Token));
        }

        WriteCertificate("second");
        File.SetLastWriteTimeUtc(key, DateTime.UtcNow.AddMinutes(1));
        Assert.Equal("CN=first", (await HandshakeAsync(port)).Subject); // not looked at so soon again
        clock.Advance(TlsCertificate.Interval);
        Assert.Equal("CN=second", (await HandshakeAsync(port)).Subject);

        await File.WriteAllTextAsync(key, "nonsense", Token);
        clock.Advance(TlsCertificate.Interval);
        Assert.Equal("CN=second", (await HandshakeAsync(port)).Subject);
    }

    [Fact]
    public async Task Tls_FilesThatAreNoCertificate_KeepTheHostFromStarting()
    {
        (string certificate, string key) = WriteCertificate("first");
        await File.WriteAllTextAsync(key, "nonsense", Token);
        var error = await Assert.ThrowsAsync<ExposureAddressException>(() => Ingress.StartAsync(more: options =>
            (options.ListenTls, options.Certificate, options.CertificateKey) = (new IPEndPoint(IPAddress.Loopback, 0), certificate, key)));
        Assert.Contains(key, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PROXY TCP4 203.0.113.7 192.0.2.1 1234 80\r\n", true, "203.0.113.7")]
    [InlineData("PROXY TCP6 2001:db8::7 2001:db8::1 1234 80\r\n", true, "2001:db8::7")]
    [InlineData("PROXY UNKNOWN\r\n", true, "127.0.0.1")]
    [InlineData("", true, "127.0.0.1")]
    [InlineData("v2", true, "203.0.113.7")]
    [InlineData("PROXY TCP4 not an address\r\n", true, null)]
    [InlineData("PROXY TCP4 203.0.113.7 192.0.2.1 1234 80\r\n", false, null)]
    [InlineData("v2", false, null)]
    public async Task ProxyHeader_OfAPeer_IsBelievedOnlyWhenItIsNamed(string header, bool isNamed, string? seen)
    {
        await using ContainerStub container = await ContainerStub.StartAsync(context => context.Response.WriteAsync(context.Request.Headers["X-Forwarded-For"].ToString()));
        await using Ingress ingress = await Ingress.StartAsync(more: options => options.Trusted = isNamed ? [IPNetwork.Parse("127.0.0.1/32")] : []);
        ingress.Table.Add(Name, container.Address, "job");

        string answer = await RawClient.ExchangeAsync(
            new IPEndPoint(IPAddress.Loopback, ingress.Server.Address.Port),
            (header == "v2" ? VersionTwo() : header) + $"GET / HTTP/1.1\r\nHost: {Name}\r\nConnection: close\r\n\r\n");

        if (seen is null) Assert.NotEqual(200, RawClient.StatusOf(answer));
        else Assert.Contains($"\r\n{seen}\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_OfOneName_LeaveOthersAlone()
    {
        await using var container = new RawServer { Answer = "" };
        await using ContainerStub other = await ContainerStub.StartAsync("here");
        await using Ingress ingress = await Ingress.StartAsync(more: options => options.Limits = new RouteLimits { Connections = 2 });
        ingress.Table.Add(Name, container.Address, "job");
        ingress.Table.Add("other.localhost", other.Address, "other");
        Task<HttpResponseMessage> first = ingress.GetAsync(Name), second = ingress.GetAsync(Name);
        await Eventually.TrueAsync(() => container.Heads.Count == 2, "two requests under way");

        using HttpResponseMessage third = await ingress.GetAsync(Name), elsewhere = await ingress.GetAsync("other.localhost");

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.OK), (third.StatusCode, elsewhere.StatusCode));
        Assert.Contains("2 requests", await third.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        ingress.Table.RemoveJob("job");
        Assert.Equal([HttpStatusCode.Gone, HttpStatusCode.Gone], [(await first).StatusCode, (await second).StatusCode]);
    }

    [Fact]
    public void Load_MoreThanASecondsWorth_IsTooFastUntilTimeHasPassed()
    {
        var clock = new ManualTimeProvider();
        var load = new RouteLoad();
        var limits = new RouteLimits { RequestsPerSecond = 10 };
        Assert.Equal(10, Enumerable.Range(0, 30).Count(_ => Enter()));
        clock.Advance(TimeSpan.FromSeconds(0.3));
        Assert.Equal(3, Enumerable.Range(0, 30).Count(_ => Enter()));
        clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(10, Enumerable.Range(0, 30).Count(_ => Enter()));
        Assert.Equal(0, load.Open);

        bool Enter()
        {
            if (load.TryEnter(limits, clock) != RouteAdmission.Admitted) return false;
            load.Leave();
            return true;
        }
    }

    [Theory]
    [InlineData("Content-Length: 20\r\n\r\n12345678901234567890")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n14\r\n12345678901234567890\r\n0\r\n\r\n")]
    public async Task Body_LongerThanTheOperatorAllows_Is413(string rest)
    {
        await using ContainerStub container = await ContainerStub.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync("taken");
        });
        await using Ingress ingress = await Ingress.StartAsync(more: options => options.Limits = new RouteLimits { BodyBytes = 10 });
        ingress.Table.Add(Name, container.Address, "job");
        var server = new IPEndPoint(IPAddress.Loopback, ingress.Server.Address.Port);

        Assert.Equal(413, RawClient.StatusOf(await RawClient.ExchangeAsync(server, $"POST / HTTP/1.1\r\nHost: {Name}\r\nConnection: close\r\n{rest}")));
        Assert.Equal(200, RawClient.StatusOf(await RawClient.ExchangeAsync(server, $"POST / HTTP/1.1\r\nHost: {Name}\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi")));
    }

    [Fact]
    public async Task AccessLog_WhenTheOperatorWantsOne_HasALineForEachRequest()
    {
        string file = Path.Combine(_directory, "access.log");
        await using var container = new RawServer();
        await using (Ingress ingress = await Ingress.StartAsync(more: options => options.AccessLog = file))
        {
            ingress.Table.Add(Name, container.Address, "job");
            var server = new IPEndPoint(IPAddress.Loopback, ingress.Server.Address.Port);
            await RawClient.ExchangeAsync(server, $"GET /a%2Fb?c HTTP/1.1\r\nHost: {Name}\r\nUser-Agent: a\"\u00e9\r\nConnection: close\r\n\r\n");
            await Eventually.TrueAsync(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), "the first line");
            File.Move(file, file + ".1");
            await RawClient.ExchangeAsync(server, "GET / HTTP/1.1\r\nHost: nobody.localhost\r\nConnection: close\r\n\r\n");
        }
        string line = await File.ReadAllTextAsync(file + ".1", Token);
        Assert.True(Regex.IsMatch(line, $"""^127\.0\.0\.1 - - \[.+ \+0000\] "GET /a%2Fb\?c HTTP/1\.1" 200 (-|\d+) "-" "a\\x22\\xE9" {Name} \d+\n$"""), line);
        Assert.Matches("""^127\.0\.0\.1 - - \[.+\] "GET / HTTP/1\.1" 404 """, await File.ReadAllTextAsync(file, Token));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Answers_OfTheIngressItself_AreDistinctAndAPageForWhoAsksForOne()
    {
        await using ContainerStub container = await ContainerStub.StartAsync("here");
        await using Ingress ingress = await Ingress.StartAsync();
        ingress.Table.Announce("starting.localhost", "job");
        ingress.Table.Add("silent.localhost", new Uri($"http://127.0.0.1:{Ingress.UnusedPort()}"), "job");
        ingress.Table.Add("stopped.localhost", container.Address, "job");
        ingress.Table.Add("gone.localhost", container.Address, "job");
        ingress.Table.Remove("gone.localhost", "job");
        using (HttpResponseMessage there = await ingress.GetAsync("stopped.localhost")) Assert.Equal(HttpStatusCode.OK, there.StatusCode);
        await container.DisposeAsync();

        foreach ((string name, int status, string said) in new[]
        {
            ("nobody.localhost", 404, "No running job"), ("starting.localhost", 503, "is getting ready"), ("silent.localhost", 503, "nothing listens on port"),
            ("stopped.localhost", 502, "has answered before"), ("gone.localhost", 410, "has ended"),
        })
        {
            using HttpResponseMessage plain = await ingress.GetAsync(name);
            using var asking = new HttpRequestMessage(HttpMethod.Get, ingress.Server.Address);
            asking.Headers.Accept.ParseAdd("text/html,application/xhtml+xml");
            using HttpResponseMessage page = await ingress.SendAsync(name, asking);
            Assert.Equal((status, status), ((int)plain.StatusCode, (int)page.StatusCode));
            Assert.Equal(("application/problem+json", "text/html"), (plain.Content.Headers.ContentType?.MediaType, page.Content.Headers.ContentType?.MediaType));
            Assert.Contains(said, await plain.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
            Assert.Contains(said, await page.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }
    }

    /// <summary>A body that is sent piece by piece, each at once.</summary>
    private sealed class Messages(ChannelReader<string> pieces) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await foreach (string piece in pieces.ReadAllAsync(Token))
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes(piece), Token);
                await stream.FlushAsync(Token);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private static async Task<string> TextOfAsync(HttpResponseMessage response) =>
        response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync(Token);

    private static async Task<string> ReadAsync(Stream stream, int length)
    {
        var buffer = new byte[length];
        await stream.ReadExactlyAsync(buffer, Token);
        return Encoding.UTF8.GetString(buffer);
    }

    /// <summary>Connects to one port of this machine, whatever is asked for.</summary>
    private static SocketsHttpHandler Handler(int port) => new()
    {
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
        ConnectCallback = async (_, cancel) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    private static HttpClient Client(int port) => new(Handler(port));

    private static HttpRequestMessage Request(HttpMethod method, Version version, string scheme = "http") =>
        new(method, $"{scheme}://{Name}/") { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    private static async Task<(string Subject, string Protocol)> HandshakeAsync(int port)
    {
        using TcpClient client = await RawClient.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port));
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = Name,
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        }, Token);
        return (tls.RemoteCertificate!.Subject, tls.NegotiatedApplicationProtocol.ToString());
    }

    private (string Certificate, string Key) WriteCertificate(string subject)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={subject}", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        (string Certificate, string Key) files = (Path.Combine(_directory, "tls.pem"), Path.Combine(_directory, "tls.key"));
        File.WriteAllText(files.Certificate, certificate.ExportCertificatePem());
        File.WriteAllText(files.Key, key.ExportPkcs8PrivateKeyPem());
        return files;
    }

    private static string VersionTwo()
    {
        byte[] header = [.. "\r\n\r\n\0\r\nQUIT\n"u8, 0x21, 0x11, 0, 12, 203, 0, 113, 7, 192, 0, 2, 1, 0, 0, 0, 80];
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(24), 1234);
        return Encoding.Latin1.GetString(header);
    }
}
