using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Docker;
using Nosana.Node.Engine.Disk;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Journal;
using Nosana.Node.Retries;

namespace Nosana.EndToEnd.Tests.Engine.Images;

/// <summary>A budget of two small images on a real engine with a real registry.</summary>
public sealed class ImageCacheTests : IAsyncLifetime
{
    private readonly TestEngine _engine = new();
    private readonly string _repository = $"{Environment.GetEnvironmentVariable("NOSANA_TEST_REGISTRY")}/cache-{Guid.NewGuid():N}";
    private readonly JournalStore _journal = JournalStore.InMemory(TimeProvider.System);
    private readonly ImagePuller _puller;
    private readonly ImageCache _cache;
    private readonly ImageStore _store;
    private long _size;

    public ImageCacheTests()
    {
        _puller = new ImagePuller(Client, new PullOptions { Retry = RetryPipelines.ImagePull with { Tries = 2 } }, new DockerConfigFile("/nonexistent/config.json"), NullLogger<ImagePuller>.Instance);
        _cache = Cache(null);
        _store = new ImageStore(_puller, _cache, NullLogger<ImageStore>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private EngineClient Client => _engine.Client;

    public async ValueTask InitializeAsync()
    {
        foreach (string tag in (string[])["first", "own", "pinned", "running", "stopped", "spare", "last"]) await TestImages.PushAsync(Client, Name(tag));
        using ImageLease lease = await _store.AcquireAsync(Name("first"), cancellationToken: Token);
        _size = lease.Image.Bytes;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ContainerListResponse container in await Client.ListContainersAsync(new ContainersListParameters { All = true }))
            if (container.Image.StartsWith(_repository, StringComparison.Ordinal)) await Client.RemoveContainerAsync(container.ID, new ContainerRemoveParameters { Force = true });
        foreach (ImagesListResponse image in await Client.ListImagesAsync())
            foreach (string tag in (image.RepoTags).Where(tag => tag.StartsWith(_repository, StringComparison.Ordinal))) await Client.DeleteImageAsync(tag, new ImageDeleteParameters());
        _cache.Dispose();
        _puller.Dispose();
        _journal.Dispose();
        _engine.Dispose();
    }

    [Fact]
    public async Task Acquire_BudgetExceeded_SparesRunningStoppedPinnedAndTheOperatorsOwn()
    {
        await Client.PullImageAsync(Name("own"), null, null, Token);
        using ImageCache cache = Cache(2 * _size);
        var store = new ImageStore(_puller, cache, NullLogger<ImageStore>.Instance);
        store.Require([Name("pinned")]);
        await store.PrefetchAsync(Name("pinned"), Token);
        using (await store.AcquireAsync(Name("own"), cancellationToken: Token)) { }
        using (await store.AcquireAsync(Name("running"), cancellationToken: Token)) await MakeAsync("running", start: true);
        using (await store.AcquireAsync(Name("stopped"), cancellationToken: Token)) await MakeAsync("stopped", start: false);
        using (await store.AcquireAsync(Name("spare"), cancellationToken: Token)) { }
        using (await store.AcquireAsync(Name("last"), cancellationToken: Token)) { }

        Assert.Equal(["last", "own", "pinned", "running", "stopped"], await LeftAsync());
        Assert.Equal(new[] { "last", "pinned", "running", "stopped" }.Select(Name).Order(StringComparer.Ordinal), _journal.CachedImages().Select(row => row.Reference).Order(StringComparer.Ordinal));
        Assert.All(_journal.CachedImages(), row => Assert.StartsWith("sha256:", row.ImageId, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Acquire_TagAndDigestOfOneImage_TheLeasedNameKeepsIt()
    {
        string digest;
        using (ImageLease byTag = await _store.AcquireAsync(Name("spare"), cancellationToken: Token)) digest = byTag.Image.Digest!;
        using ImageCache cache = Cache(1);
        var store = new ImageStore(_puller, cache, NullLogger<ImageStore>.Instance);
        using ImageLease leased = await store.AcquireAsync($"{_repository}@{digest}", cancellationToken: Token);
        using (await store.AcquireAsync(Name("last"), cancellationToken: Token)) { }
        Assert.True(await TestImages.HasAsync(Client, $"{_repository}@{digest}"));
        Assert.False(await TestImages.HasAsync(Client, Name("first")));
    }

    [Fact]
    public async Task Acquire_RemovedByTheOperator_IsPulledAgain()
    {
        await Client.DeleteImageAsync(Name("first"), new ImageDeleteParameters(), Token);
        using ImageLease lease = await _store.AcquireAsync(Name("first"), cancellationToken: Token);
        Assert.False(lease.Image.WasPresent);
        Assert.Equal(["first"], await LeftAsync());
    }

    private string Name(string tag) => $"{_repository}:{tag}";

    private ImageCache Cache(long? budget) => new(
        Client, _puller, new EngineDisk(Client, isHere: true), _journal, new ImageCacheOptions { CacheBytes = budget, FreeBytes = 0 }, NullLogger<ImageCache>.Instance);

    private async Task MakeAsync(string tag, bool start)
    {
        CreateContainerResponse made = await Client.CreateContainerAsync(new CreateContainerParameters { Image = Name(tag), HostConfig = new HostConfig { NetworkMode = "none" } }, Token);
        if (start) await Client.StartContainerAsync(made.ID, Token);
    }

    private async Task<IReadOnlyList<string>> LeftAsync() =>
        [.. (await Client.ListImagesAsync(Token)).SelectMany(image => image.RepoTags).Where(tag => tag.StartsWith(_repository, StringComparison.Ordinal)).Select(tag => tag.Split(':')[^1]).Order(StringComparer.Ordinal)];
}
