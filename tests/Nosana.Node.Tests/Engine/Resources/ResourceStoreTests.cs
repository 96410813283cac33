using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Journal;
using Nosana.Node.Retries;
using Nosana.Node.Tests.Logs;
using Nosana.Node.Tests.Support;
using Nosana.Testing;

namespace Nosana.Node.Tests.Engine.Resources;

/// <summary>The cache: what is shared, what never is, and what goes when room is needed.</summary>
public sealed class ResourceStoreTests : IAsyncLifetime
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeVolumes _engine = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly List<IDisposable> _parts = [];
    private JournalStore _journal = null!;
    private RemoteServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _journal = JournalStore.InMemory(_clock);
        _server = await RemoteServer.StartAsync();
        foreach (string name in (string[])["a", "b", "c"]) _server.Files[$"/{name}"] = new byte[1000];
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        foreach (IDisposable part in _parts) part.Dispose();
        _journal.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task Acquire_SecondTime_ComesFromTheCache()
    {
        ResourceStore store = Store();
        using ResourceLease first = await store.AcquireAsync(Of("a"), null, Token);
        int downloads = _server.Gets;
        using ResourceLease second = await store.AcquireAsync(Of("a"), null, Token);

        Assert.Equal((false, true, downloads), (first.WasPresent, second.WasPresent, _server.Gets));
        Assert.Equal(first.VolumeName, second.VolumeName);
        Assert.Equal(1000, _engine.Volumes[first.VolumeName]["a"].Length);
        Assert.Equal(0, _engine.Helpers);
        Assert.Empty(Directory.EnumerateDirectories(_directory.Path));
        Assert.DoesNotContain(EngineLabels.Job, _engine.Labels[first.VolumeName].Keys);
    }

    [Fact]
    public async Task Acquire_ContentChanged_IsAnotherVolume()
    {
        ResourceStore store = Store();
        using ResourceLease first = await store.AcquireAsync(Of("a"), null, Token);
        _server.EntityTag = "\"two\"";
        using ResourceLease second = await store.AcquireAsync(Of("a"), null, Token);

        Assert.False(second.WasPresent);
        Assert.NotEqual(first.VolumeName, second.VolumeName);
    }

    [Fact]
    public async Task Acquire_ManyAtOnce_ShareOneDownload()
    {
        ResourceStore store = Store();
        ResourceLease[] leases = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => store.AcquireAsync(Of("a"), null, Token)));

        Assert.Single(leases, lease => !lease.WasPresent);
        Assert.Single(_engine.Volumes);
        Assert.Equal(1, _server.Gets);
        foreach (ResourceLease lease in leases) lease.Dispose();
    }

    [Fact]
    public async Task Acquire_OtherCredentials_NeverShareAVolume()
    {
        _server.EntityTag = null;
        _server.Files["/org/m/resolve/main/f"] = "f"u8.ToArray();
        _server.First = async context =>
        {
            if (!context.Request.Path.StartsWithSegments("/api")) return false;
            await context.Response.WriteAsync("""[{"type":"file","path":"f","size":1,"oid":"00","lfs":null}]""");
            return true;
        };
        ResourceStore store = Store(options => options with { HuggingFace = new Uri(_server.Url) });
        var volumes = new HashSet<string>();
        foreach (string? token in (string?[])[null, "one", "two", "one"])
        {
            using ResourceLease lease = await store.AcquireAsync(new HuggingFaceResource("/d", "org/m", null, [], token), null, Token);
            volumes.Add(lease.VolumeName);
        }
        Assert.Equal(3, volumes.Count);
        Assert.DoesNotContain("one", string.Join(' ', _journal.CachedResources()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Acquire_NoRoom_RemovesWhatWasNotUsedForLongest()
    {
        ResourceStore store = Store(options => options with { CacheBytes = 2000 });
        string a = await UseAsync(store, "a"), b = await UseAsync(store, "b");
        Assert.Equal(a, await UseAsync(store, "a"));

        string c = await UseAsync(store, "c");

        Assert.Equal(new[] { a, c }.Order(), _engine.Volumes.Keys.Order());
        Assert.DoesNotContain(_journal.CachedResources(), row => row.Volume == b);
    }

    [Fact]
    public async Task Acquire_NoRoomButForWhatIsUsed_IsTheHostsFault()
    {
        ResourceStore store = Store(options => options with { CacheBytes = 2000 });
        using ResourceLease a = await store.AcquireAsync(Of("a"), null, Token);
        // The agent knows nothing of its user, for example after a restart; the engine does.
        _engine.Used.Add(await UseAsync(store, "b"));

        ResourceException failure = await Assert.ThrowsAsync<ResourceException>(() => store.AcquireAsync(Of("c"), null, Token));

        Assert.Equal((ResourceFault.NoSpace, FaultOwner.Host), (failure.Fault, failure.Owner));
        Assert.Equal(2, _engine.Volumes.Count);
        Assert.Equal(2, _journal.CachedResources().Count);
    }

    [Fact]
    public async Task Acquire_LargerThanTheCache_RemovesNothing()
    {
        ResourceStore store = Store(options => options with { CacheBytes = 1500 });
        await UseAsync(store, "a");
        _server.Files["/b"] = new byte[1501];

        Assert.Equal(ResourceFault.NoSpace, (await Assert.ThrowsAsync<ResourceException>(() => store.AcquireAsync(Of("b"), null, Token))).Fault);
        Assert.Single(_engine.Volumes);
    }

    [Fact]
    public async Task Acquire_DiskIsFull_IsTheHostsFault()
    {
        ResourceStore store = Store(free: 999);
        Assert.Equal(ResourceFault.NoSpace, (await Assert.ThrowsAsync<ResourceException>(() => store.AcquireAsync(Of("a"), null, Token))).Fault);
        Assert.Equal(0, _server.Gets);
    }

    [Fact]
    public async Task Acquire_DownloadFails_LeavesNoVolume()
    {
        ResourceStore store = Store();
        _server.First = context =>
        {
            if (!HttpMethods.IsGet(context.Request.Method)) return Task.FromResult(false);
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.FromResult(true);
        };

        Assert.Equal(ResourceFault.Denied, (await Assert.ThrowsAsync<ResourceException>(() => store.AcquireAsync(Of("a"), null, Token))).Fault);
        Assert.Empty(_engine.Volumes);
        Assert.Empty(_journal.CachedResources());
        Assert.Empty(Directory.EnumerateDirectories(_directory.Path));
    }

    [Fact]
    public async Task Acquire_AfterAKill_RemovesWhatWasNotFilledAndWhatNobodyKnows()
    {
        string whole = await UseAsync(Store(), "a");
        foreach (string name in (string[])["half", "lost", "foreign"])
        {
            _engine.Volumes[name] = [];
            _engine.Labels[name] = name == "foreign" ? new Dictionary<string, string>() : new Dictionary<string, string> { [EngineLabels.Resource] = name };
        }
        _journal.Save(new CachedResource { Key = "half", Volume = "half", Source = "s", Bytes = 1 });

        string again = await UseAsync(Store(), "a");

        Assert.Equal(whole, again);
        Assert.Equal(new[] { whole, "foreign" }.Order(), _engine.Volumes.Keys.Order());
        Assert.Equal(whole, Assert.Single(_journal.CachedResources()).Volume);
    }

    [Fact]
    public async Task Acquire_VolumeWasRemovedBySomebody_IsFetchedAgain()
    {
        ResourceStore store = Store();
        _engine.Volumes.Remove(await UseAsync(store, "a"));

        using ResourceLease lease = await store.AcquireAsync(Of("a"), null, Token);

        Assert.False(lease.WasPresent);
        Assert.Equal(["a"], _engine.Volumes[lease.VolumeName].Keys);
    }

    [Fact]
    public async Task Acquire_SourceOutOfReach_IsAskedUntilItHasStoodStillForLongEnough()
    {
        var clock = new ManualTimeProvider();
        ResourceStore store = Store(options => options with { Retry = RetryPipelines.ResourceDownload }, clock: clock);
        _server.First = context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return Task.FromResult(true);
        };
        DateTimeOffset began = clock.GetUtcNow();

        Task<ResourceLease> asking = store.AcquireAsync(Of("a"), null, TimeSpan.FromSeconds(100), Token);
        await Eventually.EndsAsync(asking, clock, TimeSpan.FromSeconds(1));

        ResourceException failure = await Assert.ThrowsAsync<ResourceException>(() => asking);
        Assert.Equal((ResourceFault.Unavailable, FaultOwner.Registry), (failure.Fault, failure.Owner));
        Assert.Contains("has not got on for 100 s", failure.Message, StringComparison.Ordinal);
        Assert.Contains("answers 503", failure.Message, StringComparison.Ordinal);
        Assert.InRange(clock.GetUtcNow() - began, TimeSpan.FromSeconds(100), TimeSpan.FromSeconds(110));
    }

    [Fact]
    public async Task Acquire_ListingThatDrips_IsGivenUp()
    {
        var clock = new ManualTimeProvider();
        ResourceStore store = Store(options => options with { Retry = RetryPipelines.ResourceDownload }, clock: clock);
        _server.First = async context =>
        {
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync("<ListBucketResult>");
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync(" ");
                await context.Response.Body.FlushAsync();
                await Task.Yield();
            }
            return true;
        };

        Task<ResourceLease> asking = store.AcquireAsync(Fetching.S3("https://files.example/"), null, Token);
        await Eventually.EndsAsync(asking, clock, TimeSpan.FromSeconds(20));

        ResourceException failure = await Assert.ThrowsAsync<ResourceException>(() => asking);
        Assert.Contains("has not got on for 600 s", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    // What a source announces after a long silence does not make the host give the run back.
    [InlineData(31, ResourceFault.TooLarge, FaultOwner.Definition)]
    [InlineData(29, ResourceFault.NoSpace, FaultOwner.Host)]
    internal async Task Acquire_SilenceAndThenMoreThanTheDiskHas_IsWhoseItIs(int seconds, ResourceFault fault, FaultOwner owner)
    {
        var clock = new ManualTimeProvider();
        ResourceStore store = Store(free: 1000, clock: clock);
        _server.First = context =>
        {
            clock.Advance(TimeSpan.FromSeconds(seconds));
            context.Response.ContentLength = 1L << 40;
            return Task.FromResult(true);
        };

        ResourceException failure = await Assert.ThrowsAsync<ResourceException>(() => store.AcquireAsync(Of("a"), null, Token));

        Assert.Equal((fault, owner), (failure.Fault, failure.Owner));
    }

    [Fact]
    public async Task Acquire_MoreThanAnyHostTakes_IsTheDefinitionsFault()
    {
        ResourceStore store = Store(free: 1000);
        _server.First = context =>
        {
            context.Response.ContentLength = 3L << 40;
            return Task.FromResult(true);
        };

        ResourceException failure = await Assert.ThrowsAsync<ResourceException>(() => store.AcquireAsync(Of("a"), null, Token));

        Assert.Equal((ResourceFault.TooLarge, FaultOwner.Definition), (failure.Fault, failure.Owner));
    }

    private static S3Resource Of(string name) => Fetching.S3("https://files.example/", name);

    private async Task<string> UseAsync(ResourceStore store, string name)
    {
        using ResourceLease lease = await store.AcquireAsync(Of(name), null, Token);
        _clock.Advance(TimeSpan.FromMinutes(1));
        return lease.VolumeName;
    }

    private ResourceStore Store(Func<ResourceOptions, ResourceOptions>? change = null, long free = long.MaxValue, TimeProvider? clock = null)
    {
        var options = new ResourceOptions
        {
            StagingDirectory = _directory.Path,
            Labels = new Dictionary<string, string> { [EngineLabels.Agent] = "agent" },
            Mirrors = [new Mirror("https://files.example", _server.Url)],
            Retry = RetryPipelines.ResourceDownload with { FirstWait = TimeSpan.Zero, LongestWait = TimeSpan.Zero, Tries = 1 },
            ReservedBytes = 0,
        };
        options = change?.Invoke(options) ?? options;
        var http = new ResourceHttp(options, Policies.Default(), clock);
        var downloader = new ResourceDownloader(http, options, NullLogger<ResourceDownloader>.Instance, clock);
        var volumes = new VolumeFiller(_engine, options);
        var cache = new ResourceCache(volumes, _journal, options, NullLogger<ResourceCache>.Instance, _ => free);
        var store = new ResourceStore(new ResourceSources(http, options), downloader, volumes, cache, options, NullLogger<ResourceStore>.Instance, clock);
        _parts.AddRange([store, http]);
        return store;
    }
}
