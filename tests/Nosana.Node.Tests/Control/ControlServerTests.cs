using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Node.Control;
using Nosana.Node.Tests.Logs;

namespace Nosana.Node.Tests.Control;

/// <summary>The socket by which a running agent is asked and told, and who may use it.</summary>
public sealed class ControlServerTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly Lifetime _lifetime = new();
    private readonly ServiceProvider _services;
    private readonly ControlServer _server;
    private readonly ControlClient _client;

    public ControlServerTests()
    {
        _services = new ServiceCollection()
            .AddControl(_directory.Path)
            .AddControlCommand<EchoCommand>(HttpMethod.Post, "/v1/echo", whileStarting: true)
            .AddControlCommand<EchoCommand>(HttpMethod.Get, "/v1/later")
            .AddControlCommand<BrokenCommand>(HttpMethod.Get, "/v1/broken", whileStarting: true)
            .BuildServiceProvider();
        _server = new ControlServer(
            _services.GetRequiredService<ControlSocket>(), _services.GetServices<ControlRoute>(), _services, _lifetime, NullLoggerFactory.Instance);
        _client = new ControlClient(Socket);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ControlSocket Socket => new(_directory.Path);

    public async ValueTask InitializeAsync() => await _server.StartAsync(Cancel);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _services.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task SendAsync_Command_GetsQueryAndBodyAndAnswers()
    {
        JsonNode answer = await _client.SendAsync(HttpMethod.Post, "/v1/echo?a=1%202", new JsonObject { ["b"] = 3 }, Cancel);
        Assert.Equal("""{"a":"1 2","body":{"b":3}}""", answer.ToJsonString());
    }

    [Fact]
    public void Socket_IsForItsUserAlone() =>
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Socket.Path));

    [Fact]
    public async Task SendAsync_AgentDoesNotKnowTheCommand_SaysWhichVersionRuns()
    {
        ControlException refused = await Assert.ThrowsAsync<ControlException>(() => _client.SendAsync(HttpMethod.Get, "/v1/new?x=1", null, Cancel));
        Assert.Equal(404, refused.Status);
        Assert.Contains($"(version {ControlSocket.Version}) knows no '/v1/new'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendAsync_WrongMethod_SaysWhichItTakes()
    {
        ControlException refused = await Assert.ThrowsAsync<ControlException>(() => _client.SendAsync(HttpMethod.Get, "/v1/echo", null, Cancel));
        Assert.Equal((405, "'/v1/echo' takes POST."), (refused.Status, refused.Message));
    }

    [Fact]
    public async Task SendAsync_HostIsStarting_OnlyWhatNeedsNothingIsThere()
    {
        ControlException refused = await Assert.ThrowsAsync<ControlException>(() => _client.SendAsync(HttpMethod.Get, "/v1/later", null, Cancel));
        Assert.Equal(503, refused.Status);
        _lifetime.Started.Cancel();
        await _client.SendAsync(HttpMethod.Get, "/v1/later", null, Cancel);
    }

    [Fact]
    public async Task SendAsync_CommandFails_TheMessageAndItsLinesArrive()
    {
        ControlException refused = await Assert.ThrowsAsync<ControlException>(() => _client.SendAsync(HttpMethod.Get, "/v1/broken", null, Cancel));
        Assert.Equal((422, "no"), (refused.Status, refused.Message));
        Assert.Equal(["first", "second"], refused.Details);
        ControlException fault = await Assert.ThrowsAsync<ControlException>(() => _client.SendAsync(HttpMethod.Get, "/v1/broken?how=badly", null, Cancel));
        Assert.Equal(500, fault.Status);
    }

    [Fact]
    public async Task StartAsync_AKilledAgentLeftItsSocket_ListensAnew()
    {
        using TemporaryDirectory other = new();
        var socket = new ControlSocket(other.Path);
        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(socket.Path + ".left"));
            File.Move(socket.Path + ".left", socket.Path);
        }
        await using var server = new ControlServer(socket, _services.GetServices<ControlRoute>(), _services, _lifetime, NullLoggerFactory.Instance);
        await server.StartAsync(Cancel);
        using var client = new ControlClient(socket);
        await client.SendAsync(HttpMethod.Post, "/v1/echo", null, Cancel);
        await server.StopAsync(Cancel);
        Assert.False(File.Exists(socket.Path));
    }

    [Fact]
    public async Task SendAsync_NobodyListens_SaysSo()
    {
        await _server.StopAsync(Cancel);
        ControlUnavailableException refused =
            await Assert.ThrowsAsync<ControlUnavailableException>(() => _client.SendAsync(HttpMethod.Get, "/v1/echo", null, Cancel));
        Assert.True(refused.IsAbsent);
        Assert.Contains(Socket.Path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_PathIsTooLongForASocket_TheHostStartsWithoutIt()
    {
        var socket = new ControlSocket(Path.Combine(_directory.Path, new string('x', 100)));
        await using var server = new ControlServer(socket, [], _services, _lifetime, NullLoggerFactory.Instance);
        await server.StartAsync(Cancel);
        using var client = new ControlClient(socket);
        await Assert.ThrowsAsync<ControlUnavailableException>(() => client.SendAsync(HttpMethod.Get, "/v1/echo", null, Cancel));
    }

    private sealed class EchoCommand : IControlCommand
    {
        public Task<JsonNode> ExecuteAsync(ControlRequest request, CancellationToken cancel) => Task.FromResult<JsonNode>(
            new JsonObject { ["a"] = request.Query.GetValueOrDefault("a"), ["body"] = request.Body?.DeepClone() });
    }

    private sealed class BrokenCommand : IControlCommand
    {
        public Task<JsonNode> ExecuteAsync(ControlRequest request, CancellationToken cancel) =>
            throw (request.Query.Count > 0 ? new InvalidOperationException("a fault") : new ControlException((int)HttpStatusCode.UnprocessableEntity, "no", ["first", "second"]));
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationTokenSource Started { get; } = new();

        public CancellationToken ApplicationStarted => Started.Token;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
