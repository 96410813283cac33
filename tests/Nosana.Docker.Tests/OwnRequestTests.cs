using System.Text;
using System.Threading.Channels;
using Docker.DotNet.Models;
using Microsoft.AspNetCore.Http;

namespace Nosana.Docker.Tests;

/// <summary>The requests that this assembly makes itself, and the one that it mends.</summary>
public sealed class OwnRequestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(WaitCondition.NotRunning, "not-running")]
    [InlineData(WaitCondition.NextExit, "next-exit")]
    [InlineData(WaitCondition.Removed, "removed")]
    public async Task WaitContainerAsync_Condition_IsNamed(WaitCondition condition, string name)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(context, 200, """{"Error":null,"StatusCode":137}"""));
        using EngineClient client = engine.CreateClient();

        await client.WaitContainerAsync("a", condition, Token);

        Assert.Equal(("POST", $"/v1.41/containers/a/wait?condition={name}"), await engine.NextAsync() is var request ? (request.Method, request.Target) : default);
    }

    [Fact]
    public async Task WaitContainerAsync_EngineGoesAway_IsAStreamException()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(async context =>
        {
            // Fewer bytes than announced: Kestrel sends these and then closes, so that the answer is cut after its headers for certain.
            context.Response.ContentLength = 100;
            await context.Response.WriteAsync("{");
        });
        using EngineClient client = engine.CreateClient();

        await Assert.ThrowsAsync<DockerStreamException>(() => client.WaitContainerAsync("a", WaitCondition.NotRunning, Token));
    }

    [Theory]
    [InlineData(204)]
    [InlineData(304)]
    public async Task StopContainerAsync_NoGrace_IsSent(int status)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Status(context, status));
        using EngineClient client = engine.CreateClient();

        await client.StopContainerAsync("a", 0, Token);

        Assert.Equal("/v1.41/containers/a/stop?t=0", (await engine.NextAsync()).Target);
    }

    [Fact]
    public async Task OpenOutputAsync_Parameters_AreInTheQueryAndFramesCome()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(async context => await context.Response.Body.WriteAsync(FrameBytes.Of(1, "hello\n")));
        using EngineClient client = engine.CreateClient();

        await using MultiplexedStream output = await client.OpenOutputAsync(
            "a",
            new ContainerLogsParameters { ShowStdout = true, ShowStderr = true, Follow = true, Timestamps = true, Since = "1700000000.000000001", Until = "1700000001.5", Tail = "10" },
            Token);

        Assert.Equal(("hello\n", ""), await output.ReadOutputToEndAsync(Token));
        Assert.Equal(
            "/v1.41/containers/a/logs?stdout=1&stderr=1&timestamps=1&follow=1&since=1700000000.000000001&until=1700000001.5&tail=10", (await engine.NextAsync()).Target);
    }

    [Fact]
    public async Task MeasureVolumesAsync_EnginesOfAllAges_AreRead()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(
            context, 200,
            """
            {"LayersSize":10,"Images":[{"Id":"i","Size":3,"Containers":-1}],"Containers":null,"BuildCache":null,
             "Volumes":[{"Name":"v","Labels":{"a":"b"},"UsageData":{"Size":7,"RefCount":1}},{"Name":"w","Labels":null,"UsageData":null}]}
            """));
        using EngineClient client = engine.CreateClient();

        IReadOnlyList<VolumeSize> volumes = await client.MeasureVolumesAsync(Token);

        Assert.Equal([("v", 7), ("w", 0)], volumes.Select(volume => (volume.Name, volume.Bytes)));
        Assert.Equal("b", volumes[0].Labels["a"]);
        Assert.Empty(volumes[1].Labels);
    }

    [Theory]
    [InlineData(200, 5000000000L)]
    [InlineData(404, null)]
    public async Task MeasureFileAsync_Asked_LooksAtItsSizeAlone(int status, long? bytes)
    {
        string stat = Convert.ToBase64String("""{"name":"hosts","size":5000000000,"mode":420,"mtime":"2026-01-02T03:04:05Z","linkTarget":""}"""u8);
        await using FakeEngine engine = await FakeEngine.StartAsync(context =>
        {
            context.Response.Headers["X-Docker-Container-Path-Stat"] = stat;
            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        using EngineClient client = engine.CreateClient();
        Assert.Equal(bytes, await client.MeasureFileAsync("a", "/etc/hosts", Token));
        RecordedRequest request = await engine.NextAsync();
        Assert.Equal(("HEAD", "/v1.41/containers/a/archive?path=%2Fetc%2Fhosts"), (request.Method, request.Target));
    }

    [Fact]
    public async Task CreateNetworkAsync_Always_RefusesASecondOfTheName()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(context, 201, """{"Id":"n","Warning":""}"""));
        using EngineClient client = engine.CreateClient();

        Assert.Equal("n", (await client.CreateNetworkAsync(new NetworksCreateParameters { Name = "net" }, Token)).ID);

        RecordedRequest request = await engine.NextAsync();
        Assert.Contains("\"CheckDuplicate\":true", request.Body);
        Assert.Contains("\"Name\":\"net\"", request.Body);
        Assert.StartsWith("application/json", request.Headers["Content-Type"]);
    }

    [Theory]
    [InlineData("ubuntu", "latest")]
    [InlineData("localhost:5000/a", "latest")]
    [InlineData("localhost:5000/a:1", null)]
    [InlineData("a@sha256:00", null)]
    public async Task PullImageAsync_Reference_NeverMeansAllTags(string image, string? tag)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync();
        using EngineClient client = engine.CreateClient();

        await client.PullImageAsync(image, null, null, Token);

        RecordedRequest request = await engine.NextAsync();
        Assert.Equal((image, tag), (request.Query("fromImage"), request.Query("tag")));
        Assert.False(request.Headers.ContainsKey("X-Registry-Auth"));
    }

    [Fact]
    public async Task PullImageAsync_Account_IsBase64UrlJsonOfTheEnginesFields()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync();
        using EngineClient client = engine.CreateClient();

        await client.PullImageAsync("ghcr.io/a/b:1", new AuthConfig { Username = "u", Password = "p>>>???", ServerAddress = "ghcr.io" }, null, Token);

        string header = (await engine.NextAsync()).Headers["X-Registry-Auth"];
        Assert.DoesNotContain('+', header);
        Assert.DoesNotContain('/', header);
        Assert.Equal(0, header.Length % 4);
        using var document = System.Text.Json.JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(header.Replace('-', '+').Replace('_', '/'))));
        Assert.Equal(
            [("username", "u"), ("password", "p>>>???"), ("serveraddress", "ghcr.io")],
            document.RootElement.EnumerateObject().Select(p => (p.Name, p.Value.GetString()!)));
    }

    [Fact]
    public async Task PullImageAsync_Progress_IsReportedAsItComes()
    {
        Channel<string> toSend = Channel.CreateUnbounded<string>();
        await using FakeEngine engine = await FakeEngine.StartAsync(async context =>
        {
            await foreach (string text in toSend.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync(text);
                await context.Response.Body.FlushAsync();
            }
        });
        using EngineClient client = engine.CreateClient();
        Channel<JSONMessage> seen = Channel.CreateUnbounded<JSONMessage>();

        Task pull = client.PullImageAsync("a", null, new Into(seen), Token);
        toSend.Writer.TryWrite("""{"status":"Pulling from a","id":"latest"}""" + "\r\n");
        Assert.Equal(("Pulling from a", "latest"), await seen.Reader.ReadAsync(Token) is var first ? (first.Status, first.ID) : default);
        toSend.Writer.TryWrite("""{"status":"Downloading","id":"l1","progressDetail":{"current":5,"total":10},"progress":"[=> ]","aux":{"x":1}}""" + "\r\n" + """{"status":"Pu""");
        Assert.Equal((5L, 10L), await seen.Reader.ReadAsync(Token) is var second ? (second.Progress!.Current, second.Progress.Total) : default);
        Assert.False(pull.IsCompleted);
        toSend.Writer.TryWrite("""ll complete","id":"l1","progressDetail":{}}""");
        toSend.Writer.Complete();
        await pull;

        Assert.Equal("Pull complete", (await seen.Reader.ReadAsync(Token)).Status);
    }

    [Theory]
    [InlineData("""{"error":"boom","errorDetail":{"code":507,"message":"boom in full"}}""", 507, "boom in full")]
    [InlineData("""{"error":"boom"}""", 500, "boom")]
    [InlineData("""{"errorDetail":{"message":"unauthorized: authentication required"},"error":"unauthorized: authentication required"}""", 401, "unauthorized")]
    [InlineData("""{"errorDetail":{"message":"denied: requested access to the resource is denied"},"error":"denied"}""", 403, "denied")]
    public async Task PullImageAsync_ErrorInsideTheStream_IsThrown(string message, int status, string expected)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(context, 200, """{"status":"Pulling"}""" + "\r\n" + message + "\r\n"));
        using EngineClient client = engine.CreateClient();

        var e = await Assert.ThrowsAsync<DockerApiException>(() => client.PullImageAsync("a", null, null, Token));

        Assert.Equal(status, (int)e.StatusCode);
        Assert.StartsWith(expected, e.EngineMessage);
    }

    [Theory]
    [InlineData(200, """{"errorDetail":{"message":"manifest for a:1 not found: manifest unknown: manifest unknown"},"error":"manifest for a:1 not found"}""")]
    [InlineData(404, """{"message":"pull access denied for a, repository does not exist or may require 'docker login'"}""")]
    [InlineData(500, """{"message":"Head \"http://r/v2/\": manifest unknown"}""")]
    public async Task PullImageAsync_ImageThatDoesNotExist_IsTypedWhereverTheEngineSaysIt(int status, string body)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(context, status, body));
        using EngineClient client = engine.CreateClient();

        await Assert.ThrowsAsync<DockerImageNotFoundException>(() => client.PullImageAsync("a:1", null, null, Token));
    }

    [Fact]
    public async Task PullImageAsync_StreamBreaksOff_IsThrown()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(context, 200, """{"status":"Pull"""));
        using EngineClient client = engine.CreateClient();

        await Assert.ThrowsAsync<DockerStreamException>(() => client.PullImageAsync("a", null, null, Token));
    }

    [Fact]
    public async Task ImportImageAsync_Archive_IsUploaded()
    {
        string received = "";
        await using FakeEngine engine = await FakeEngine.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            received = await reader.ReadToEndAsync();
            await context.Response.WriteAsync("""{"status":"sha256:1"}""");
        });
        using EngineClient client = engine.CreateClient();
        using var tar = new MemoryStream("tar"u8.ToArray());

        await client.ImportImageAsync("r", "t", tar, ["CMD [\"sh\"]", "ENV A=b"], Token);

        Assert.Equal("tar", received);
        RecordedRequest request = await engine.NextAsync();
        Assert.Equal("/v1.41/images/create?fromSrc=-&repo=r&tag=t&changes=CMD%20%5B%22sh%22%5D&changes=ENV%20A%3Db", request.Target);
        Assert.Equal("application/x-tar", request.Headers["Content-Type"]);
    }

    [Fact]
    public async Task Archive_BothWays_StreamsTar()
    {
        string received = "";
        await using FakeEngine engine = await FakeEngine.StartAsync(async context =>
        {
            if (context.Request.Method == "PUT")
            {
                using var reader = new StreamReader(context.Request.Body);
                received = await reader.ReadToEndAsync();
                return;
            }
            context.Response.Headers["X-Docker-Container-Path-Stat"] = Convert.ToBase64String("""{"name":"f","size":4,"mode":420,"linkTarget":""}"""u8);
            await context.Response.WriteAsync("tar!");
        });
        using EngineClient client = engine.CreateClient();

        using (var reader = new StreamReader(await client.ReadArchiveAsync("c", "/a b/f", Token))) Assert.Equal("tar!", await reader.ReadToEndAsync(Token));
        using var body = new MemoryStream("upload"u8.ToArray());
        await client.ExtractArchiveAsync("c", "/x", body, Token);

        Assert.Equal("/v1.41/containers/c/archive?path=%2Fa%20b%2Ff", (await engine.NextAsync()).Target);
        RecordedRequest put = await engine.NextAsync();
        Assert.Equal(("PUT", "/v1.41/containers/c/archive?path=%2Fx", "application/x-tar"), (put.Method, put.Target, put.Headers["Content-Type"]));
        Assert.Equal("100-continue", put.Headers["Expect"]);
        Assert.Equal("upload", received);
    }

    private sealed class Into(Channel<JSONMessage> channel) : IProgress<JSONMessage>
    {
        public void Report(JSONMessage value) => channel.Writer.TryWrite(value);
    }
}
