using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Nosana.Node.Exposure;
using Nosana.Testing;

namespace Nosana.Node.Tests.Exposure;

public sealed class ExposureServerTests
{
    private const string Name = "4sLzMQBMa1hTu5TifyHwpreNKjFa3JLZ6jBzMt2z39yQ.localhost";

    [Fact]
    public async Task Request_KnownName_ReachesTheContainerInAnyCaseAndWithAnyPort()
    {
        await using ContainerStub container = await ContainerStub.StartAsync(context =>
            context.Response.WriteAsync($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {context.Request.Host}"));
        await using Ingress ingress = await Ingress.StartAsync();
        ingress.Table.Add(Name, container.Address, "job");

        Assert.Equal($"GET /a/b?c=d%20e {Name}", await TextAsync(ingress.GetAsync(Name, "/a/b?c=d%20e")));
        Assert.Equal($"GET / {Name.ToLowerInvariant()}:8180", await TextAsync(ingress.GetAsync(Name.ToLowerInvariant() + ":8180")));
    }

    [Theory]
    [InlineData(false, "127.0.0.1|http|" + Name + "||")]
    [InlineData(true, "203.0.113.7,127.0.0.1|https|" + Name + "|203.0.113.7|for=203.0.113.7")]
    public async Task Request_PeerSaysForWhom_IsBelievedOnlyWhenItIsNamed(bool isNamed, string expected)
    {
        await using ContainerStub container = await ContainerStub.StartAsync(context => context.Response.WriteAsync(string.Join(
            '|', new[] { "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded" }.Select(name => context.Request.Headers[name].ToString()))));
        await using Ingress ingress = await Ingress.StartAsync(more: options => options.Trusted = isNamed ? [IPNetwork.Parse("127.0.0.0/8")] : []);
        ingress.Table.Add(Name, container.Address, "job");
        using var tunnelled = new HttpRequestMessage(HttpMethod.Get, ingress.Server.Address);
        tunnelled.Headers.Add("X-Forwarded-For", "203.0.113.7");
        tunnelled.Headers.Add("X-Forwarded-Proto", "https");
        tunnelled.Headers.Add("X-Real-IP", "203.0.113.7");
        tunnelled.Headers.Add("Forwarded", "for=203.0.113.7");

        Assert.Equal($"127.0.0.1|http|{Name}||", await TextAsync(ingress.GetAsync(Name)));
        string text = await TextAsync(ingress.SendAsync(Name, tunnelled));
        Assert.Equal(expected, text.Replace(" ", "", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Request_UnknownName_Is404AsAProblem()
    {
        await using Ingress ingress = await Ingress.StartAsync();

        using HttpResponseMessage response = await ingress.GetAsync("nobody.localhost");

        await AssertProblemAsync(response, HttpStatusCode.NotFound, "nobody.localhost");
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task Request_ContainerNotListeningYet_Is503AndWorksOnceItDoes()
    {
        int port = Ingress.UnusedPort();
        await using Ingress ingress = await Ingress.StartAsync();
        ingress.Table.Add(Name, new Uri($"http://127.0.0.1:{port}"), "job");

        using HttpResponseMessage early = await ingress.GetAsync(Name);
        await using ContainerStub container = await ContainerStub.StartAsync(context => context.Response.WriteAsync("here"), port);

        await AssertProblemAsync(early, HttpStatusCode.ServiceUnavailable, $"port {port}");
        Assert.NotNull(early.Headers.RetryAfter);
        Assert.Equal("here", await TextAsync(ingress.GetAsync(Name)));
    }

    [Fact]
    public async Task Request_ContainerBreaksTheConnection_Is502()
    {
        await using ContainerStub container = await ContainerStub.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        await using Ingress ingress = await Ingress.StartAsync();
        ingress.Table.Add(Name, container.Address, "job");

        using HttpResponseMessage response = await ingress.GetAsync(Name);

        await AssertProblemAsync(response, HttpStatusCode.BadGateway, Name);
    }

    [Fact]
    public async Task Request_AfterRemoveJob_Is410WithoutReachingTheContainer()
    {
        await using ContainerStub container = await ContainerStub.StartAsync("here");
        await using Ingress ingress = await Ingress.StartAsync();
        ingress.Table.Add(Name, container.Address, "job");
        Assert.Equal("here", await TextAsync(ingress.GetAsync(Name)));

        ingress.Table.RemoveJob("job");

        using HttpResponseMessage response = await ingress.GetAsync(Name);
        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
        Assert.Equal(1, container.Requests);
    }

    [Fact]
    public async Task RemoveJob_RequestWaitingForItsFirstByte_EndsAs410()
    {
        await using ContainerStub container = await ContainerStub.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        await using Ingress ingress = await Ingress.StartAsync();
        ingress.Table.Add(Name, container.Address, "job");
        Task<HttpResponseMessage> waiting = ingress.GetAsync(Name);
        await Eventually.TrueAsync(() => container.Requests == 1, "the request reaching the container");

        ingress.Table.RemoveJob("job");

        using HttpResponseMessage response = await waiting;
        Assert.Equal(HttpStatusCode.Gone, response.StatusCode);
    }

    [Fact]
    public async Task RemoveJob_EventStream_IsCut()
    {
        await using ContainerStub container = await ContainerStub.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: 1\n\n");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await using Ingress ingress = await Ingress.StartAsync();
        ingress.Table.Add(Name, container.Address, "job");
        using HttpResponseMessage response = await ingress.GetAsync(Name);
        using Stream stream = await response.Content.ReadAsStreamAsync(Token);
        var buffer = new byte[64];
        // Unbuffered: the first event is here although the response goes on.
        Assert.Equal("data: 1\n\n", Encoding.UTF8.GetString(buffer, 0, await stream.ReadAsync(buffer, Token)));

        ingress.Table.RemoveJob("job");

        await Assert.ThrowsAnyAsync<Exception>(async () => await stream.ReadExactlyAsync(buffer, Token));
    }

    [Fact]
    public async Task WebSocket_ThroughTheIngress_EchoesBothWays()
    {
        await using ContainerStub container = await ContainerStub.StartAsync(EchoAsync);
        await using Ingress ingress = await Ingress.StartAsync();
        ingress.Table.Add(Name, container.Address, "job");

        using ClientWebSocket socket = await ingress.ConnectAsync(Name.ToLowerInvariant());

        Assert.Equal("first", await ExchangeAsync(socket, "first"));
        Assert.Equal("second", await ExchangeAsync(socket, "second"));
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", Token);
        Assert.Equal(WebSocketState.Closed, socket.State);
    }

    [Fact]
    public async Task RemoveJob_OpenWebSocket_IsCutAndOtherJobsStay()
    {
        await using ContainerStub container = await ContainerStub.StartAsync(EchoAsync);
        await using Ingress ingress = await Ingress.StartAsync();
        ingress.Table.Add(Name, container.Address, "job");
        ingress.Table.Add("other.localhost", container.Address, "other job");
        using ClientWebSocket socket = await ingress.ConnectAsync(Name);
        using ClientWebSocket other = await ingress.ConnectAsync("other.localhost");
        Assert.Equal("hi", await ExchangeAsync(socket, "hi"));

        ingress.Table.RemoveJob("job");

        await Assert.ThrowsAsync<WebSocketException>(async () => await socket.ReceiveAsync(new byte[16].AsMemory(), Token));
        Assert.Equal("still here", await ExchangeAsync(other, "still here"));
    }

    [Fact]
    public async Task Request_BodyOverEveryUsualLimit_StreamsThrough()
    {
        const int Size = 40 * 1024 * 1024;
        await using ContainerStub container = await ContainerStub.StartAsync(async context =>
        {
            long length = 0;
            var buffer = new byte[64 * 1024];
            for (int read; (read = await context.Request.Body.ReadAsync(buffer)) > 0;) length += read;
            await context.Response.WriteAsync($"{length}");
        });
        await using Ingress ingress = await Ingress.StartAsync();
        ingress.Table.Add(Name, container.Address, "job");
        using var request = new HttpRequestMessage(HttpMethod.Post, ingress.Server.Address) { Content = new ByteArrayContent(new byte[Size]) };
        request.Headers.TransferEncodingChunked = true;

        Assert.Equal($"{Size}", await TextAsync(ingress.SendAsync(Name, request)));
    }

    [Fact]
    public async Task Response_RedirectAndCompressedBody_PassUntouched()
    {
        byte[] compressed = Gzip("hello");
        await using ContainerStub container = await ContainerStub.StartAsync(context =>
        {
            if (context.Request.Path == "/moved")
            {
                context.Response.Redirect("/target");
                context.Response.Headers.SetCookie = "a=b";
                return Task.CompletedTask;
            }
            context.Response.Headers.ContentEncoding = "gzip";
            return context.Response.Body.WriteAsync(compressed).AsTask();
        });
        await using Ingress ingress = await Ingress.StartAsync();
        ingress.Table.Add(Name, container.Address, "job");

        using HttpResponseMessage moved = await ingress.GetAsync(Name, "/moved");
        using HttpResponseMessage zipped = await ingress.GetAsync(Name);

        Assert.Equal((HttpStatusCode.Redirect, "/target"), (moved.StatusCode, moved.Headers.Location?.OriginalString));
        Assert.Equal("a=b", moved.Headers.GetValues("Set-Cookie").Single());
        Assert.Equal(compressed, await zipped.Content.ReadAsByteArrayAsync(Token));
    }

    [Fact]
    public async Task StartAsync_PortTaken_SaysWhichAndWhatToDo()
    {
        await using Ingress first = await Ingress.StartAsync();

        var error = await Assert.ThrowsAsync<ExposureAddressException>(() => Ingress.StartAsync(first.Server.Address.Port));

        Assert.Contains(first.Server.Address.Authority, error.Message, StringComparison.Ordinal);
        Assert.Contains("choose another", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StopAsync_OpenWebSocket_DoesNotHoldItUp()
    {
        await using ContainerStub container = await ContainerStub.StartAsync(EchoAsync);
        await using Ingress ingress = await Ingress.StartAsync();
        ingress.Table.Add(Name, container.Address, "job");
        using ClientWebSocket socket = await ingress.ConnectAsync(Name);
        Assert.Equal("hi", await ExchangeAsync(socket, "hi"));

        await ingress.Server.StopAsync(Token);

        await Assert.ThrowsAsync<WebSocketException>(async () => await socket.ReceiveAsync(new byte[16].AsMemory(), Token));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static async Task<string> TextAsync(Task<HttpResponseMessage> sending)
    {
        using HttpResponseMessage response = await sending;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(Token);
    }

    private static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string said)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal(new MediaTypeHeaderValue("application/problem+json").MediaType, response.Content.Headers.ContentType?.MediaType);
        using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        Assert.Equal((int)status, problem.RootElement.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.RootElement.GetProperty("title").GetString()!);
        Assert.Contains(said, problem.RootElement.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private static async Task EchoAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[1024];
        while (true)
        {
            WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, context.RequestAborted);
            if (received.MessageType == WebSocketMessageType.Close) break;
            await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, context.RequestAborted);
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }

    private static async Task<string> ExchangeAsync(ClientWebSocket socket, string text)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(text).AsMemory(), WebSocketMessageType.Text, true, Token);
        var buffer = new byte[1024];
        ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(), Token);
        return Encoding.UTF8.GetString(buffer, 0, received.Count);
    }

    private static byte[] Gzip(string text)
    {
        using var to = new MemoryStream();
        using (var zip = new GZipStream(to, CompressionLevel.Optimal)) zip.Write(Encoding.UTF8.GetBytes(text));
        return to.ToArray();
    }
}
