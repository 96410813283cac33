using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine.Resources;
using Nosana.Testing;

namespace Nosana.Node.Tests.Engine.Resources;

/// <summary>The hub's protocol on loopback: tree, resolve, and a redirect of large files to another host.</summary>
public sealed class HuggingFaceSourceTests : IAsyncLifetime
{
    private static readonly byte[] Weights = RandomNumberGenerator.GetBytes(200_000);
    private static readonly byte[] Config = "{\"a\":1}"u8.ToArray();

    private RemoteServer _hub = null!, _store = null!;
    private string _revision = "main";
    private string _weightsDigest = Convert.ToHexStringLower(SHA256.HashData(Weights));

    public async ValueTask InitializeAsync()
    {
        (_hub, _store) = (await RemoteServer.StartAsync(), await RemoteServer.StartAsync());
        _store.Files["/cdn/weights"] = Weights;
        _store.EntityTag = null;
        _hub.First = AnswerAsync;
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _store.DisposeAsync();
    }

    [Fact]
    public async Task Fetch_WholeRepository_FollowsPagesAndRedirects()
    {
        using Fetching fetching = Trusting();

        Dictionary<string, byte[]> files = await fetching.FetchAsync(Of());

        Assert.Equal(["config.json", "sub/model.safetensors"], files.Keys.Order());
        Assert.Equal(Weights, files["sub/model.safetensors"]);
        Assert.Equal(Config, files["config.json"]);
    }

    [Fact]
    public async Task Fetch_HubAsksToBeLeftAlone_IsNotAskedBeforeItsTime()
    {
        var clock = new ManualTimeProvider();
        using Fetching fetching = Trusting(clock);
        int asked = 0;
        _hub.First = context =>
        {
            if (Interlocked.Increment(ref asked) > 1) return AnswerAsync(context);
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "30";
            return Task.FromResult(true);
        };

        await Assert.ThrowsAsync<ResourceException>(() => fetching.FetchAsync(Of()));
        await Assert.ThrowsAsync<ResourceException>(() => fetching.FetchAsync(Of()));
        Assert.Equal(1, asked);
        clock.Advance(TimeSpan.FromSeconds(30 * 1.25)); // and what chance adds at most
        Assert.Equal(2, (await fetching.FetchAsync(Of())).Count);
    }

    [Fact]
    public async Task Fetch_Token_StaysWithTheHub()
    {
        using Fetching fetching = Trusting();

        await fetching.FetchAsync(Of() with { AccessToken = "hf_secret" });

        Assert.All(_hub.Authorizations, header => Assert.Equal("Bearer hf_secret", header));
        Assert.NotEmpty(_store.Authorizations);
        Assert.All(_store.Authorizations, Assert.Null);
    }

    [Fact]
    public async Task Fetch_RedirectedFileIsCut_GoesOnWhereItWas()
    {
        using Fetching fetching = Trusting();
        _store.Cuts.Enqueue(70_000);

        Assert.Equal(Weights, (await fetching.FetchAsync(Of(null, "sub/model.safetensors")))["sub/model.safetensors"]);
        Assert.Equal(2, _store.Gets);
        Assert.Matches(@"bytes=[1-9]\d*-199999", _store.Requests.Last());
    }

    [Fact]
    public async Task Fetch_NamedFilesOfARevision_AreAllThatIsFetched()
    {
        using Fetching fetching = Trusting();
        _revision = "refs%2Fpr%2F1";

        Assert.Equal(["config.json"], (await fetching.FetchAsync(Of("refs/pr/1", "config.json"))).Keys);
        Assert.Empty(_store.Requests);
    }

    [Fact]
    public async Task List_FileThatIsNot_SaysWhich()
    {
        using Fetching fetching = Trusting();

        ResourceException failure = await Assert.ThrowsAsync<ResourceException>(() => fetching.ListAsync(Of(null, "missing.bin")));

        Assert.Equal(ResourceFault.NotFound, failure.Fault);
        Assert.Contains("'missing.bin'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_WrongDigest_IsCorruptAfterASecondTry()
    {
        using Fetching fetching = Trusting();
        _weightsDigest = new string('0', 64);

        ResourceException failure = await Assert.ThrowsAsync<ResourceException>(() => fetching.FetchAsync(Of(null, "sub/model.safetensors")));

        Assert.Equal(ResourceFault.Corrupt, failure.Fault);
        Assert.Equal(2, _store.Gets);
        Assert.Empty(Directory.EnumerateFiles(fetching.Staging));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("a/b/c")]
    [InlineData("a/../b")]
    [InlineData("")]
    [InlineData("a?b")]
    public async Task List_NoRepository_IsInvalid(string repo)
    {
        using Fetching fetching = Trusting();
        Assert.Equal(ResourceFault.Invalid, (await Assert.ThrowsAsync<ResourceException>(() => fetching.ListAsync(new HuggingFaceResource("/d", repo, null, [], null)))).Fault);
        Assert.Empty(_hub.Requests);
    }

    [Fact]
    public async Task List_NoJson_IsCorrupt()
    {
        using Fetching fetching = Trusting();
        _hub.First = async context =>
        {
            await context.Response.WriteAsync("<html>");
            return true;
        };
        Assert.Equal(ResourceFault.Corrupt, (await Assert.ThrowsAsync<ResourceException>(() => fetching.ListAsync(Of()))).Fault);
    }

    private static HuggingFaceResource Of(string? revision = null, params string[] files) => new("/data", "org/model", revision, files, null);

    private Fetching Trusting(TimeProvider? clock = null) =>
        new(options => options with { HuggingFace = new Uri(_hub.Url), Mirrors = [new Mirror("https://cdn.example", _store.Url)] }, clock);

    private async Task<bool> AnswerAsync(HttpContext context)
    {
        // Kestrel unescapes a path but for its slashes.
        string path = context.Request.Path.Value!;
        if (path == $"/api/models/org/model/tree/{_revision}" && context.Request.Query["recursive"] == "true")
        {
            context.Response.ContentType = "application/json";
            bool second = context.Request.Query["cursor"] == "2";
            if (!second) context.Response.Headers.Link = $"<{_hub.Url}{path}?recursive=true&cursor=2>; rel=\"next\"";
            object[] entries = second
                ? [new { type = "file", path = "config.json", size = Config.Length, oid = GitBlob(Config) }]
                : [new { type = "directory", path = "sub", size = 0, oid = "x" },
                   new { type = "file", path = "sub/model.safetensors", size = 134, oid = "pointer", lfs = new { oid = _weightsDigest, size = Weights.Length, pointerSize = 134 } }];
            await context.Response.WriteAsync(JsonSerializer.Serialize(entries));
            return true;
        }
        if (path == $"/org/model/resolve/{_revision}/config.json")
        {
            await context.Response.Body.WriteAsync(Config);
            return true;
        }
        if (path != $"/org/model/resolve/{_revision}/sub/model.safetensors") return false;
        context.Response.Redirect($"{_store.Url}/cdn/weights?signature=abc");
        return true;
    }

#pragma warning disable CA5350 // the name of a content in git
    private static string GitBlob(byte[] content) => Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));
#pragma warning restore CA5350
}
