using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;
using Nosana.JobDefinition.Model;
using Nosana.Node.Exposure;
using Nosana.Testing;

namespace Nosana.Node.Tests.Exposure;

public sealed class HealthProbeTests : IDisposable
{
    // Two clocks, so that a timer on the first is the pause between two tries and nothing else.
    private readonly ManualTimeProvider _clock = new(), _proberClock = new();
    private readonly PortProber _prober;
    private readonly ConcurrentQueue<EndpointStatus> _changes = new();
    private readonly CancellationTokenSource _stop = new();

    public HealthProbeTests() => _prober = new PortProber(_proberClock);

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _prober.Dispose();
    }

    [Fact]
    public async Task RunAsync_NoProbes_IsReadyAtOnceAndUnknown()
    {
        HealthProbe probe = Probe(new Uri("http://127.0.0.1:1"));

        await probe.RunAsync(_stop.Token);

        Assert.True(probe.Ready.IsCompletedSuccessfully);
        Assert.Equal(EndpointStatus.Unknown, probe.Status);
        Assert.Empty(_changes);
    }

    [Fact]
    public async Task RunAsync_NothingListensAtFirst_IsReadyAtTheTryAfterItDoes()
    {
        int port = Ingress.UnusedPort();
        HealthProbe probe = Probe(new Uri($"http://127.0.0.1:{port}"), Get("/", 200));
        Task run = probe.RunAsync(_stop.Token);
        await ArmedAsync();
        Assert.Equal(EndpointStatus.Offline, probe.Status);
        Assert.Contains("refused", probe.LastDetail, StringComparison.Ordinal);

        await using ContainerStub container = await ContainerStub.StartAsync(context => context.Response.WriteAsync("up"), port);
        _clock.Advance(HealthProbe.StartupInterval);

        await probe.Ready.WaitAsync(Token);
        await run;
        Assert.Equal(EndpointStatus.Online, probe.Status);
        Assert.Equal([EndpointStatus.Online], _changes);
    }

    [Fact]
    public async Task RunAsync_NeverReady_ComplainsAfterAMinuteThenTwoAndAtTheEnd()
    {
        var waits = new ConcurrentQueue<(double Seconds, string Detail)>();
        var probe = new HealthProbe(Port(new Uri($"http://127.0.0.1:{Ingress.UnusedPort()}")), [Get("/", 200)], _prober, _clock, null,
            (waited, detail) => waits.Enqueue((waited.TotalSeconds, detail)));
        Task run = probe.RunAsync(_stop.Token);
        for (int second = 0; second < 130; second += 5)
        {
            await ArmedAsync();
            _clock.Advance(HealthProbe.StartupInterval);
        }
        await ArmedAsync();
        Assert.Equal([60, 120], waits.Select(wait => wait.Seconds));
        await _stop.CancelAsync();
        await run.WaitAsync(Token);
        Assert.Equal([60, 120, 130], waits.Select(wait => wait.Seconds));
        Assert.All(waits, wait => Assert.Contains("refused", wait.Detail, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_SecondProbeFails_BothAreTriedAgainTogether()
    {
        var asked = new ConcurrentQueue<string>();
        bool secondPasses = false;
        await using ContainerStub container = await ContainerStub.StartAsync(context =>
        {
            asked.Enqueue(context.Request.Path);
            context.Response.StatusCode = context.Request.Path == "/two" && !Volatile.Read(ref secondPasses) ? 503 : 200;
            return Task.CompletedTask;
        });
        HealthProbe probe = Probe(container.Address, Get("/one", 200), Get("two", 200));
        Task run = probe.RunAsync(_stop.Token);
        await ArmedAsync();
        Assert.False(probe.Ready.IsCompleted);
        Assert.Contains("status 503, expected 200", probe.LastDetail, StringComparison.Ordinal);

        Volatile.Write(ref secondPasses, true);
        _clock.Advance(HealthProbe.StartupInterval);

        await run.WaitAsync(Token);
        Assert.Equal(["/one", "/two", "/one", "/two"], asked);
        Assert.Equal(EndpointStatus.Online, probe.Status);
    }

    [Fact]
    public async Task RunAsync_ContinuousProbeFailsAndRecovers_FlipsBothWays()
    {
        int status = 200;
        await using ContainerStub container = await ContainerStub.StartAsync(context =>
        {
            context.Response.StatusCode = Volatile.Read(ref status);
            return Task.CompletedTask;
        });
        HealthProbe probe = Probe(container.Address, Get("/start-only", 200), Get("/live", 200, continuous: true));
        Task run = probe.RunAsync(_stop.Token);
        await ArmedAsync();
        Assert.Equal(EndpointStatus.Online, probe.Status);
        Assert.Equal(2, container.Requests);

        Volatile.Write(ref status, 500);
        _clock.Advance(HealthProbe.ContinuousInterval);
        await Eventually.TrueAsync(() => probe.Status == EndpointStatus.Offline, "the failing port going offline");
        await ArmedAsync();
        _clock.Advance(HealthProbe.ContinuousInterval);
        await Eventually.TrueAsync(() => container.Requests == 4, "a second failing probe");
        await ArmedAsync();
        Volatile.Write(ref status, 200);
        _clock.Advance(HealthProbe.ContinuousInterval);
        await Eventually.TrueAsync(() => probe.Status == EndpointStatus.Online, "the recovered port coming online");

        Assert.Equal([EndpointStatus.Online, EndpointStatus.Offline, EndpointStatus.Online], _changes);
        Assert.Equal(5, container.Requests);
        await _stop.CancelAsync();
        await run.WaitAsync(Token);
    }

    [Fact]
    public async Task RunAsync_StoppedBeforeReady_CancelsReadyAndEndsQuietly()
    {
        HealthProbe probe = Probe(new Uri($"http://127.0.0.1:{Ingress.UnusedPort()}"), Get("/", 200));
        Task run = probe.RunAsync(_stop.Token);
        await ArmedAsync();

        await _stop.CancelAsync();

        await run.WaitAsync(Token);
        Assert.True(probe.Ready.IsCanceled);
    }

    [Fact]
    public async Task Prober_SilentServer_FailsAtTheLimit()
    {
        await using ContainerStub container = await ContainerStub.StartAsync(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        Task<ProbeResult> probe = ProbeAsync(container.Address, Get("/", 200), Token);
        await Eventually.TrueAsync(() => container.Requests == 1, "the probe reaching the server");

        _proberClock.Advance(PortProber.StartupLimit);

        ProbeResult result = await probe;
        Assert.False(result.Passed);
        Assert.Contains("60 s", result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prober_PostWithBodyAndHeaders_SendsThem()
    {
        string? seen = null;
        await using ContainerStub container = await ContainerStub.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            seen = $"{context.Request.Method} {context.Request.Path} {context.Request.ContentType} {context.Request.Headers["X-Key"]} {await reader.ReadToEndAsync()}";
            context.Response.StatusCode = 201;
        });
        var headers = new Dictionary<string, string> { ["Content-Type"] = "application/json", ["X-Key"] = "k" };

        ProbeResult posted = await ProbeAsync(container.Address, new HttpHealthCheck("/v1", "POST", 201, headers, """{"a":1}""", false), Token);
        Assert.True(posted.Passed, posted.Detail);
        Assert.Equal("""POST /v1 application/json k {"a":1}""", seen);

        await ProbeAsync(container.Address, new HttpHealthCheck("/v1", "GET", 201, headers, "not sent", false), Token);
        Assert.Equal("GET /v1  k ", seen);
    }

    [Fact]
    public async Task Prober_Redirect_IsJudgedAsItIs()
    {
        await using ContainerStub container = await ContainerStub.StartAsync(context =>
        {
            context.Response.Redirect("/elsewhere");
            return Task.CompletedTask;
        });
        Assert.True((await ProbeAsync(container.Address, Get("/", 302), Token)).Passed);
        Assert.False((await ProbeAsync(container.Address, Get("/", 200), Token)).Passed);
    }

    [Theory]
    [InlineData("101", true)]
    [InlineData("ready to serve", true)]
    [InlineData("something else", false)]
    public async Task Prober_WebSocket_SearchesHandshakeAndMessages(string expected, bool passes)
    {
        await using ContainerStub container = await ContainerStub.StartAsync(async context =>
        {
            using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
            await socket.SendAsync(Encoding.UTF8.GetBytes("ready to ").AsMemory(), WebSocketMessageType.Text, false, context.RequestAborted);
            await socket.SendAsync(Encoding.UTF8.GetBytes("serve").AsMemory(), WebSocketMessageType.Text, true, context.RequestAborted);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
        });

        ProbeResult result = await ProbeAsync(container.Address, new WebSocketHealthCheck(expected, false), Token);

        Assert.Equal(passes, result.Passed);
        Assert.Contains(expected, result.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prober_ServerWithoutWebSockets_DoesNotPass()
    {
        await using ContainerStub container = await ContainerStub.StartAsync("101");
        Assert.False((await ProbeAsync(container.Address, new WebSocketHealthCheck("101", false), Token)).Passed);
    }

    [Theory]
    [InlineData("/%zz\r\nX: y", "GET")]
    [InlineData("/", "BAD METHOD")]
    public async Task Prober_ImpossibleRequest_DoesNotPassAndDoesNotThrow(string path, string method)
    {
        await using ContainerStub container = await ContainerStub.StartAsync("");
        ProbeResult result = await ProbeAsync(container.Address, new HttpHealthCheck(path, method, 418, new Dictionary<string, string>(), null, false), Token);
        Assert.False(result.Passed);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static HttpHealthCheck Get(string path, int status, bool continuous = false) =>
        new(path, "GET", status, new Dictionary<string, string>(), null, continuous);

    private static ProbedPort Port(Uri address) => new(address, new Uri("http://name.localhost"));

    private Task<ProbeResult> ProbeAsync(Uri port, HealthCheck check, CancellationToken cancel) => _prober.RunAsync(Port(port), check, PortProber.StartupLimit, cancel);

    private HealthProbe Probe(Uri port, params HealthCheck[] checks) => new(Port(port), checks, _prober, _clock, (status, _) => _changes.Enqueue(status));

    private Task ArmedAsync() => Eventually.TrueAsync(() => _clock.ActiveTimers == 1, "the pause before the next try");
}
