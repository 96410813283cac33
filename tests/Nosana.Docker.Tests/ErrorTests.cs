using System.Net.Sockets;
using System.Net;
using Microsoft.AspNetCore.Http;
using Docker.DotNet.Models;

namespace Nosana.Docker.Tests;

public sealed class ErrorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(404, "No such container: x", typeof(DockerContainerNotFoundException))]
    [InlineData(404, "no container with name or ID \"x\" found: no such container", typeof(DockerContainerNotFoundException))]
    [InlineData(404, "something else", typeof(DockerContainerNotFoundException))]
    [InlineData(404, "network abc not found", typeof(DockerNetworkNotFoundException))]
    [InlineData(409, "is restarting", typeof(DockerApiException))]
    [InlineData(500, "No such container: x", typeof(DockerApiException))]
    public async Task ContainerRequest_Error_HasItsType(int status, string message, Type type)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(context, status, $$"""{"message":{{System.Text.Json.JsonSerializer.Serialize(message)}}}"""));
        using EngineClient client = engine.CreateClient();

        Exception e = await Assert.ThrowsAnyAsync<DockerApiException>(() => client.StartContainerAsync("x", Token));

        Assert.IsType(type, e);
        var error = (DockerApiException)e;
        Assert.Equal((status, message), ((int)error.StatusCode, error.EngineMessage));
        Assert.Contains("message", error.ResponseBody);
        Assert.Contains("POST /containers/x/start", e.Message);
    }

    [Theory]
    [InlineData("No such image: x:latest", typeof(DockerImageNotFoundException))]
    [InlineData("x: image not known", typeof(DockerImageNotFoundException))]
    [InlineData("get v: no such volume", typeof(DockerVolumeNotFoundException))]
    public async Task CreateContainerAsync_404_NamesWhatIsMissing(string message, Type type)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(context, 404, $$"""{"message":"{{message}}"}"""));
        using EngineClient client = engine.CreateClient();

        Assert.IsType(type, await Assert.ThrowsAnyAsync<DockerApiException>(() => client.CreateContainerAsync(new CreateContainerParameters(), Token)));
    }

    [Fact]
    public async Task ReadArchiveAsync_PathMissing_IsNotAMissingContainer()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(context, 404, """{"message":"Could not find the file /x in container c"}"""));
        using EngineClient client = engine.CreateClient();

        var e = await Assert.ThrowsAsync<DockerApiException>(
            () => client.ReadArchiveAsync("c", "/x", Token));
        Assert.Equal(HttpStatusCode.NotFound, e.StatusCode);
    }

    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("", "Internal Server Error")]
    [InlineData("{\"message\":null}", "{\"message\":null}")]
    [InlineData("[1,2]", "[1,2]")]
    public async Task Request_ErrorThatIsNoJsonMessage_KeepsItsText(string body, string expected)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(async context =>
        {
            context.Response.StatusCode = 500;
            await context.Response.WriteAsync(body);
        });
        using EngineClient client = engine.CreateClient();

        var e = await Assert.ThrowsAsync<DockerApiException>(() => client.GetSystemInfoAsync(Token));
        Assert.Equal(expected, e.EngineMessage);
    }

    [Fact]
    public async Task Request_AnswerIsNoJson_IsAStreamException()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => context.Response.WriteAsync("<html>"));
        using EngineClient client = engine.CreateClient();

        var e = await Assert.ThrowsAsync<DockerStreamException>(() => client.GetSystemInfoAsync(Token));
        Assert.Contains("GET /info", e.Message);
    }

    [Fact]
    public async Task Request_NoSocket_SaysWhereAndWhatToDo()
    {
        var endpoint = new Uri($"unix:///nowhere/{Guid.NewGuid():N}.sock");
        using var client = new EngineClient(endpoint);

        var e = await Assert.ThrowsAsync<DockerUnavailableException>(() => client.GetSystemInfoAsync(Token));

        Assert.Equal(endpoint, e.Endpoint);
        Assert.Contains(endpoint.ToString(), e.Message);
        Assert.Contains("systemctl start docker", e.Message);
        await Assert.ThrowsAsync<DockerUnavailableException>(() => client.WaitContainerAsync("x", WaitCondition.NotRunning, Token));
    }

    [Fact]
    public async Task Request_NobodyListensOnTcp_SaysSo()
    {
        using var unused = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound and not listening: refused, and nobody else can take the port
        int port = ((IPEndPoint)unused.LocalEndPoint!).Port;
        using var client = new EngineClient(new Uri($"tcp://127.0.0.1:{port}"));

        var e = await Assert.ThrowsAsync<DockerUnavailableException>(() => client.GetSystemInfoAsync(Token));
        Assert.Contains("does not listen", e.Message);
    }

    [Fact]
    public async Task Request_EngineHangsUp_IsUnavailable()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using EngineClient client = engine.CreateClient();

        await Assert.ThrowsAsync<DockerUnavailableException>(() => client.GetSystemInfoAsync(Token));
    }

    [Theory]
    [InlineData("unix://docker.sock")]
    [InlineData("https://host:2376")]
    [InlineData("npipe://./pipe/docker_engine")]
    [InlineData("tcp://host")]
    public void EngineClient_AddressOfAnotherKind_NamesTheKindsThereAre(string address)
    {
        var e = Assert.Throws<ArgumentException>(() => new EngineClient(new Uri(address)));
        Assert.Contains("unix:///path/to/docker.sock", e.Message);
    }
}
