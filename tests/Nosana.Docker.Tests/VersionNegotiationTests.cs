namespace Nosana.Docker.Tests;

public sealed class VersionNegotiationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.41", "1.12", "/v1.41/info")]
    [InlineData("1.45", "1.24", "/v1.45/info")]
    [InlineData("1.51", "1.24", "/v1.51/info")]
    [InlineData("1.99", "1.44", "/v1.51/info")]
    public async Task Request_EngineVersion_CarriesTheOlderOfBoth(string newest, string oldest, string path)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync();
        (engine.ApiVersion, engine.MinApiVersion) = (newest, oldest);
        using EngineClient client = engine.CreateClient();

        await client.GetSystemInfoAsync(Token);

        Assert.Equal(["/version", path], engine.Requests.Select(r => r.Target));
    }

    [Theory]
    [InlineData("1.40", "1.12", "install Docker 20.10 or later")]
    [InlineData("1.60", "1.52", "update this program")]
    [InlineData("", "", "is not a Docker Engine")]
    public async Task Request_NothingInCommon_SaysWhoIsToBeUpdated(string newest, string oldest, string expected)
    {
        await using FakeEngine engine = await FakeEngine.StartAsync();
        (engine.ApiVersion, engine.MinApiVersion) = (newest, oldest);
        using EngineClient client = engine.CreateClient();

        var e = await Assert.ThrowsAsync<DockerVersionException>(() => client.GetSystemInfoAsync(Token));
        Assert.Contains(expected, e.Message);
    }

    [Fact]
    public async Task Request_ManyAtOnce_AskForTheVersionOnce()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync();
        using EngineClient client = engine.CreateClient();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.GetSystemInfoAsync(Token)));

        Assert.Single(engine.Requests, r => r.Target == "/version");
        Assert.Equal(50, engine.Requests.Count(r => r.Target == "/v1.41/info"));
    }

    [Fact]
    public async Task Request_FirstQuestionFailed_AsksAgain()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync();
        engine.AnswerVersion = context => FakeEngine.Json(context, 500, """{"message":"starting"}""");
        using EngineClient client = engine.CreateClient();

        await Assert.ThrowsAsync<DockerApiException>(() => client.GetSystemInfoAsync(Token));
        engine.AnswerVersion = null;

        await client.GetSystemInfoAsync(Token);
        Assert.Equal("/v1.41/info", engine.Requests.Last().Target);
    }

    [Fact]
    public async Task Request_EngineReplacedByAnOlderOne_NegotiatesAgain()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync();
        engine.ApiVersion = "1.51";
        using EngineClient client = engine.CreateClient();
        await client.GetSystemInfoAsync(Token);

        engine.ApiVersion = "1.41";
        engine.Answer = context => FakeEngine.Json(context, 400, """{"message":"client version 1.51 is too new. Maximum supported API version is 1.41"}""");
        await Assert.ThrowsAsync<DockerApiException>(() => client.GetSystemInfoAsync(Token));

        engine.Answer = context => FakeEngine.Json(context, 200, "{}");
        await client.GetSystemInfoAsync(Token);
        Assert.Equal("/v1.41/info", engine.Requests.Last().Target);
    }

    [Fact]
    public async Task Request_VersionGiven_AsksNothing()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync();
        using EngineClient client = engine.CreateClient(version: new Version(1, 43));

        await client.GetSystemInfoAsync(Token);

        Assert.Equal(["/v1.43/info"], engine.Requests.Select(r => r.Target));
    }

    [Fact]
    public async Task Ping_Always_GoesWithoutVersion()
    {
        await using FakeEngine engine = await FakeEngine.StartAsync();
        using EngineClient client = engine.CreateClient();

        await client.Library.System.PingAsync(Token);

        Assert.Equal(["/_ping"], engine.Requests.Select(r => r.Target));
    }
}
