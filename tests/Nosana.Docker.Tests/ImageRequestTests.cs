using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Nosana.Docker.Models;

namespace Nosana.Docker.Tests;

public sealed class ImageRequestTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ubuntu", null, "ubuntu", "latest")]
    [InlineData("localhost:5000/a", null, "localhost:5000/a", "latest")]
    [InlineData("localhost:5000/a:1", null, "localhost:5000/a:1", null)]
    [InlineData("a", "2", "a", "2")]
    [InlineData("a@sha256:00", null, "a@sha256:00", null)]
    public async Task CreateImageAsync_Reference_NeverMeansAllTags(string image, string? tag, string sentImage, string? sentTag)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync();
        using DockerClient client = engine.CreateClient();

        await client.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = image, Tag = tag }, null, null, Token);

        RecordedRequest request = await engine.NextAsync();
        Assert.Equal((sentImage, sentTag), (request.Query("fromImage"), request.Query("tag")));
        Assert.False(request.Headers.ContainsKey("X-Registry-Auth"));
    }

    [Fact]
    public async Task CreateImageAsync_Credentials_AreBase64UrlJsonOfTheEnginesFields()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync();
        using DockerClient client = engine.CreateClient();
        var auth = new AuthConfig { Username = "u", Password = "p>>>???", ServerAddress = "ghcr.io" };

        await client.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = "ghcr.io/a/b:1" }, auth, null, Token);

        string header = (await engine.NextAsync()).Headers["X-Registry-Auth"];
        Assert.DoesNotContain('+', header);
        Assert.DoesNotContain('/', header);
        Assert.Equal(0, header.Length % 4);
        string json = Encoding.UTF8.GetString(Convert.FromBase64String(header.Replace('-', '+').Replace('_', '/')));
        using var document = System.Text.Json.JsonDocument.Parse(json);
        Assert.Equal(
            [("username", "u"), ("password", "p>>>???"), ("serveraddress", "ghcr.io")],
            document.RootElement.EnumerateObject().Select(p => (p.Name, p.Value.GetString()!)));
        Assert.DoesNotContain("p>>>", auth.ToString());
    }

    [Fact]
    public async Task CreateImageAsync_Progress_IsReportedAsItComes()
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
        using DockerClient client = engine.CreateClient();
        Channel<JSONMessage> seen = Channel.CreateUnbounded<JSONMessage>();

        Task pull = client.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = "a" }, null, new Into(seen), Token);
        toSend.Writer.TryWrite("""{"status":"Pulling from a","id":"latest"}""" + "\r\n");
        Assert.Equal(("Pulling from a", "latest"), await seen.Reader.ReadAsync(Token) is var first ? (first.Status, first.ID) : default);
        toSend.Writer.TryWrite("""{"status":"Downloading","id":"l1","progressDetail":{"current":5,"total":10},"progress":"[=> ]"}""" + "\r\n" + """{"status":"Pu""");
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
    public async Task CreateImageAsync_ErrorInsideTheStream_IsThrown(string message, int status, string expected)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(context, 200, """{"status":"Pulling"}""" + "\r\n" + message + "\r\n"));
        using DockerClient client = engine.CreateClient();

        var e = await Assert.ThrowsAsync<DockerApiException>(() => client.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = "a" }, null, null, Token));

        Assert.Equal(status, (int)e.StatusCode);
        Assert.StartsWith(expected, e.EngineMessage);
    }

    [Theory]
    [InlineData(200, """{"errorDetail":{"message":"manifest for a:1 not found: manifest unknown: manifest unknown"},"error":"manifest for a:1 not found"}""")]
    [InlineData(404, """{"message":"pull access denied for a, repository does not exist or may require 'docker login'"}""")]
    [InlineData(500, """{"message":"Head \"http://r/v2/\": manifest unknown"}""")]
    public async Task CreateImageAsync_ImageThatDoesNotExist_IsTypedWhereverTheEngineSaysIt(int status, string body)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(context, status, body));
        using DockerClient client = engine.CreateClient();

        await Assert.ThrowsAsync<DockerImageNotFoundException>(() => client.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = "a:1" }, null, null, Token));
    }

    [Fact]
    public async Task CreateImageAsync_StreamBreaksOff_IsThrown()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context => FakeEngine.Json(context, 200, """{"status":"Pull"""));
        using DockerClient client = engine.CreateClient();

        await Assert.ThrowsAsync<DockerStreamException>(() => client.Images.CreateImageAsync(new ImagesCreateParameters { FromImage = "a" }, null, null, Token));
    }

    [Fact]
    public async Task CreateImageAsync_Import_SendsTheStreamAndEachChange()
    {
        string received = "";
        await using FakeEngine engine = await FakeEngine.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            received = await reader.ReadToEndAsync();
            await FakeEngine.Json(context, 200, """{"status":"sha256:1"}""");
        });
        using DockerClient client = engine.CreateClient();
        using var tar = new MemoryStream("tar"u8.ToArray());

        await client.Images.CreateImageAsync(
            new ImagesCreateParameters { FromSrc = "-", Repo = "r", Tag = "t", Changes = ["CMD [\"sh\"]", "ENV A=b"] }, tar, null, null, Token);

        Assert.Equal("tar", received);
        Assert.Equal(
            "/v1.41/images/create?fromSrc=-&repo=r&tag=t&changes=CMD%20%5B%22sh%22%5D&changes=ENV%20A%3Db", (await engine.NextAsync()).Target);
    }

    [Fact]
    public async Task Images_NamesWithSlashesAndDigests_KeepTheirSlashes()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync(context =>
            context.Request.Method == "DELETE" ? FakeEngine.Json(context, 200, """[{"Untagged":"a:1"},{"Deleted":"sha256:1"}]""") : FakeEngine.Json(context, 200, "{}"));
        using DockerClient client = engine.CreateClient();

        await client.Images.InspectImageAsync("ghcr.io/a/b@sha256:00", Token);
        await client.Images.TagImageAsync("localhost:5000/a:1", new ImageTagParameters { RepositoryName = "x/y", Tag = "2" }, Token);
        await client.Images.PushImageAsync("localhost:5000/a", new ImagePushParameters { Tag = "1" }, null, null, Token);
        IList<ImageDeleteResponse> deleted = await client.Images.DeleteImageAsync("a", new ImageDeleteParameters { Force = true }, Token);

        Assert.Equal("/v1.41/images/ghcr.io/a/b@sha256:00/json", (await engine.NextAsync()).Target);
        Assert.Equal("/v1.41/images/localhost:5000/a:1/tag?repo=x%2Fy&tag=2", (await engine.NextAsync()).Target);
        RecordedRequest push = await engine.NextAsync();
        Assert.Equal("/v1.41/images/localhost:5000/a/push?tag=1", push.Target);
        Assert.Equal("e30=", push.Headers["X-Registry-Auth"]);
        Assert.Equal("/v1.41/images/a?force=true", (await engine.NextAsync()).Target);
        Assert.Equal(("a:1", "sha256:1"), (deleted[0].Untagged, deleted[1].Deleted));
    }

    private sealed class Into(Channel<JSONMessage> channel) : IProgress<JSONMessage>
    {
        public void Report(JSONMessage value) => channel.Writer.TryWrite(value);
    }
}
