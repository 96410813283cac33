using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Docker;
using Nosana.EndToEnd.Tests.Support;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Journal;
using Nosana.Node.Retries;

namespace Nosana.EndToEnd.Tests.Engine.Resources;

/// <summary>Resources from a real S3 server into volumes of a real engine, and jobs that read them.</summary>
public sealed class ResourceTests : IAsyncLifetime
{
    private static readonly byte[] Large = RandomNumberGenerator.GetBytes(9_000_000);
    private static readonly S3Credentials Iam = new("us-east-1", S3Server.Key, S3Server.Key);

    private readonly string _home = Directory.CreateTempSubdirectory("nosana-resource-tests-").FullName;
    private readonly TestEngine _engine = new();
    private S3Server _s3 = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Cache => Path.Combine(_home, "cache");

    public async ValueTask InitializeAsync()
    {
        await _engine.Client.PullImageAsync(Definitions.Image, null, null, Token);
        _s3 = await S3Server.StartAsync();
        await _s3.PutAsync("llm/large.bin", Large);
        await _s3.PutAsync("llm/sub dir/ü+ä.txt", "small"u8.ToArray());
        await _s3.PutAsync("other/file", "other"u8.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (VolumeResponse volume in await CachedAsync()) await _engine.Client.RemoveVolumeAsync(volume.Name, CancellationToken.None);
        await _s3.DisposeAsync();
        _engine.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    [Fact]
    public async Task Run_JobWithAResourceTwice_SecondTimeFromTheCache()
    {
        string digest = Convert.ToHexStringLower(SHA256.HashData(Large));
        string definition = Definitions.Shell("cd /data && sha256sum large.bin && cat 'sub dir/ü+ä.txt' && ls /data; touch /data/x 2>/dev/null || echo read-only", Resources(new JsonObject
        {
            ["type"] = "S3",
            ["url"] = "https://models.nosana.io/llm",
            ["target"] = "/data",
        }));
        string[] expected = [$"{digest}  large.bin", "smalllarge.bin", "sub dir", "read-only"];

        string first = await RunAsync(definition, expected);
        VolumeResponse[] between = await CachedAsync();
        string second = await RunAsync(definition, expected);

        Assert.Contains("fetched: 2 files, 9000005 bytes", first, StringComparison.Ordinal);
        Assert.Contains("is in the cache", second, StringComparison.Ordinal);
        Assert.DoesNotContain("fetched", second, StringComparison.Ordinal);
        Assert.Equal(Assert.Single(between).Name, Assert.Single(await CachedAsync()).Name);
        Assert.Empty(await HelpersAsync());
    }

    [Fact]
    public async Task Run_AllowWrite_WritesACopyAndNotTheCache()
    {
        JsonObject resource = new() { ["type"] = "S3", ["url"] = "s3://nos-ai-models-qllsn32u/other", ["target"] = "/data" };
        JsonObject writable = (JsonObject)resource.DeepClone();
        writable["allowWrite"] = true;

        await RunAsync(Definitions.Shell("cat /data/file; echo changed > /data/file; touch /data/new; ls -ln /data | grep -c rw-rw-rw-; cat /data/file", Resources(writable)), ["other1", "changed"]);
        await RunAsync(Definitions.Shell("cat /data/file; ls /data", Resources(resource)), ["otherfile"]);

        VolumeResponse only = Assert.Single(await CachedAsync());
        IList<VolumeResponse> all = await _engine.Client.ListVolumesAsync(new VolumesListParameters(), Token);
        // The copy was the job's own, and went with it.
        Assert.DoesNotContain(all, volume => volume.Name != only.Name && volume.Name.EndsWith(".0.0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_BucketIsMissing_IsAResourceErrorOfTheDefinition()
    {
        string file = NodeProcess.Write(_home, Definitions.Shell("true", Resources(new JsonObject
        {
            ["type"] = "S3",
            ["url"] = "https://s3.example/absent/x",
            ["target"] = "/data",
            ["IAM"] = new JsonObject { ["REGION"] = "us-east-1", ["ACCESS_KEY_ID"] = S3Server.Key, ["SECRET_ACCESS_KEY"] = S3Server.Key },
        })));
        (int code, string output, string text) = await NodeProcess.RunAsync(_home, Arguments(file));

        Assert.True(code == 1, text);
        JsonNode error = Assert.Single(Definitions.Op(JsonNode.Parse(output)!)["errors"]!.AsArray())!;
        Assert.Equal("resource-error", error["event"]!.GetValue<string>());
        Assert.Contains("https://s3.example/absent/x", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain(S3Server.Key, output + text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithoutCache_LeavesNothing()
    {
        string file = NodeProcess.Write(_home, Definitions.Shell("cat /data/file", Resources(new JsonObject { ["type"] = "S3", ["url"] = "https://models.nosana.io/other", ["target"] = "/data" })));
        string[] arguments = [.. Arguments(file).TakeWhile(argument => argument != "--cache")];
        HashSet<string> before = [.. (await _engine.Client.ListVolumesAsync(new VolumesListParameters(), Token)).Select(volume => volume.Name)];

        (int code, string output, string text) = await NodeProcess.RunAsync(_home, arguments);

        Assert.True(code == 0, text);
        Assert.Equal(["other"], Definitions.LinesOf(Definitions.Op(JsonNode.Parse(output)!)));
        Assert.DoesNotContain((await _engine.Client.ListVolumesAsync(new VolumesListParameters(), Token)), volume => !before.Contains(volume.Name) && volume.Labels.ContainsKey(EngineLabels.Job)
            && volume.Labels.ContainsKey(EngineLabels.Resource));
    }

    [Theory]
    [InlineData("https://s3.example/models/llm", null)]
    [InlineData("https://s3.example", "models")]
    [InlineData("https://models.nosana.io/llm", null)]
    public async Task List_CredentialsAndEndpoint_FindsTheFiles(string url, string? bucket)
    {
        using Parts parts = Open();
        ResourceListing listing = await parts.Sources.Of(new S3Resource("/d", url, [], bucket, [], false, Iam)).ListAsync(Token);
        string prefix = bucket is null ? "" : "llm/";
        Assert.Contains(prefix + "sub dir/ü+ä.txt", listing.Files.Select(file => file.Path));
        Assert.Contains(listing.Files, file => file.Path == prefix + "large.bin" && file.Size == Large.Length);
        Assert.DoesNotContain(S3Server.Key, listing.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acquire_BucketsWithNamedFiles_AreInOneVolumeInParts()
    {
        using Parts parts = Open();
        var resource = new S3Resource("/d", null, [], null,
            [new S3Source("https://s3.example/models/llm", ["large.bin", "sub dir"]), new S3Source("https://s3.example/models/other/file", [])], false, Iam);

        using ResourceLease lease = await parts.Store.AcquireAsync(resource, null, Token);

        Assert.Equal(Large.Length + 10, lease.Bytes);
        using ResourceLease again = await parts.Store.AcquireAsync(resource, null, Token);
        Assert.True(again.WasPresent);
        using ResourceLease anonymous = await parts.Store.AcquireAsync(
            resource with { Iam = null, Buckets = [new S3Source("https://s3.example/models/llm", ["large.bin", "sub dir/ü+ä.txt"]), resource.Buckets[1]] }, null, Token);
        Assert.False(anonymous.WasPresent);
    }

    [Fact]
    public async Task List_UnknownKey_IsDenied()
    {
        using Parts parts = Open();
        ResourceException failure = await Assert.ThrowsAsync<ResourceException>(() =>
            parts.Sources.Of(new S3Resource("/d", "https://s3.example/models/llm", [], null, [], false, Iam with { AccessKeyId = "hush-hush" })).ListAsync(Token));
        Assert.Equal((ResourceFault.Denied, FaultOwner.Definition), (failure.Fault, failure.Owner));
        Assert.DoesNotContain("hush", failure.ToString(), StringComparison.Ordinal);
    }

    private static JsonObject Resources(JsonObject resource) => new() { ["resources"] = new JsonArray(resource) };

    private string[] Arguments(string file) =>
    [
        "run", file, "--docker", _engine.Endpoint.OriginalString, "--mirror", $"https://models.nosana.io={_s3.Address}/{S3Server.Bucket}", "--mirror", $"https://s3.example={_s3.Address}", "--cache", Cache,
    ];

    private async Task<string> RunAsync(string definition, string[] lines)
    {
        (int code, string output, string text) = await NodeProcess.RunAsync(_home, Arguments(NodeProcess.Write(_home, definition)));
        Assert.True(code == 0, text);
        Assert.Equal(lines, Definitions.LinesOf(Definitions.Op(JsonNode.Parse(output)!)));
        return text;
    }

    private async Task<VolumeResponse[]> CachedAsync() =>
        [.. await _engine.Client.ListVolumesAsync(new VolumesListParameters { Filters = new DockerFilters { { "label", $"{EngineLabels.Agent}={Cache}" } } }, CancellationToken.None)];

    private async Task<IList<ContainerListResponse>> HelpersAsync() => await _engine.Client.ListContainersAsync(
        new ContainersListParameters { All = true, Filters = new DockerFilters { { "label", $"{EngineLabels.Agent}={Cache}" } } }, Token);

    private Parts Open()
    {
        var options = new ResourceOptions
        {
            StagingDirectory = Path.Combine(_home, "downloads"),
            Labels = new Dictionary<string, string> { [EngineLabels.Agent] = Cache },
            Mirrors = [new Mirror("https://s3.example", _s3.Address), new Mirror("https://models.nosana.io", $"{_s3.Address}/{S3Server.Bucket}")],
            PartBytes = 1_000_000,
            ReservedBytes = 0,
            Retry = RetryPipelines.ResourceDownload with { Tries = 1 },
        };
        return new Parts(_engine.Client, options);
    }

    private sealed class Parts : IDisposable
    {
        private readonly ResourceHttp _http;
        private readonly ResourceDownloader _downloader;
        private readonly JournalStore _journal = JournalStore.InMemory(TimeProvider.System);

        public Parts(EngineClient client, ResourceOptions options)
        {
            _http = new ResourceHttp(options, new AddressPolicy(new EgressGuard(TimeProvider.System), new RefusedRanges([]), TimeProvider.System));
            _downloader = new ResourceDownloader(_http, options, NullLogger<ResourceDownloader>.Instance);
            Sources = new ResourceSources(_http, options);
            var volumes = new VolumeFiller(client, options);
            Store = new ResourceStore(Sources, _downloader, volumes, new ResourceCache(volumes, _journal, options, NullLogger<ResourceCache>.Instance), options, NullLogger<ResourceStore>.Instance);
        }

        public ResourceSources Sources { get; }

        public ResourceStore Store { get; }

        public void Dispose()
        {
            Store.Dispose();
            _http.Dispose();
            _journal.Dispose();
        }
    }
}
