using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Docker;
using Nosana.Node.Engine.Disk;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Journal;
using Nosana.EndToEnd.Tests.Support;

namespace Nosana.EndToEnd.Tests.Engine.Images;

/// <summary>A budget of two small images on a real engine with a real registry.</summary>
public sealed class ImageCacheTests : IAsyncLifetime
{
    private readonly TestEngine _engine = new();
    private static readonly string[] Tags = ["first", "own", "pinned", "running", "stopped", "spare", "last"];

    private static readonly string Registry = Environment.GetEnvironmentVariable("NOSANA_TEST_REGISTRY")!;

    private readonly string _repository = $"{Registry}/cache-{Guid.NewGuid():N}";
    private readonly JournalStore _journal = JournalStore.InMemory(TimeProvider.System);
    private readonly TestPulls _pulls;
    private readonly ImageCache _cache;
    private readonly ImageStore _store;
    private readonly List<string> _containers = [];
    private long _size;

    public ImageCacheTests()
    {
        _pulls = new TestPulls(Client, [Registry]);
        _cache = Cache(null);
        _store = new ImageStore(_pulls.Puller, _cache, NullLogger<ImageStore>.Instance);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private EngineClient Client => _engine.Client;

    public async ValueTask InitializeAsync()
    {
        foreach (string tag in Tags) await TestImages.PushAsync(Client, Name(tag));
        using ImageLease lease = await _store.AcquireAsync(Name("first"), cancellationToken: Token);
        _size = lease.Image.Bytes;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (string id in _containers) await Client.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true });
        foreach (string name in Tags.SelectMany(tag => new[] { Name(tag), Kept(tag) }))
            if (await TestImages.HasAsync(Client, name)) await Client.DeleteImageAsync(name, new ImageDeleteParameters());
        _cache.Dispose();
        await _pulls.DisposeAsync();
        _journal.Dispose();
        _engine.Dispose();
    }

    [Fact]
    public async Task Acquire_BudgetExceeded_SparesRunningStoppedPinnedAndTheOperatorsOwn()
    {
        await Client.PullImageAsync(Name("own"), null, null, Token);
        using ImageCache cache = Cache(2 * _size);
        var store = new ImageStore(_pulls.Puller, cache, NullLogger<ImageStore>.Instance);
        store.Require([Name("pinned")]);
        await store.PrefetchAsync(Name("pinned"), Token);
        using (await store.AcquireAsync(Name("own"), cancellationToken: Token)) { }
        using (await store.AcquireAsync(Name("running"), cancellationToken: Token)) await MakeAsync("running", start: true);
        using (await store.AcquireAsync(Name("stopped"), cancellationToken: Token)) await MakeAsync("stopped", start: false);
        using (await store.AcquireAsync(Name("spare"), cancellationToken: Token)) { }
        using (await store.AcquireAsync(Name("last"), cancellationToken: Token)) { }

        Assert.Equal(["last", "own", "pinned", "running", "stopped"], await LeftAsync());
        Assert.Equal(new[] { "last", "pinned", "running", "stopped" }.Select(Kept).Order(StringComparer.Ordinal), _journal.CachedImages().Select(row => row.Reference).Order(StringComparer.Ordinal));
        Assert.All(_journal.CachedImages(), row => Assert.StartsWith("sha256:", row.ImageId, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Acquire_TagAndDigestOfOneImage_TheLeasedNameKeepsIt()
    {
        string digest;
        using (ImageLease byTag = await _store.AcquireAsync(Name("spare"), cancellationToken: Token)) digest = byTag.Image.Digest!;
        using ImageCache cache = Cache(1);
        var store = new ImageStore(_pulls.Puller, cache, NullLogger<ImageStore>.Instance);
        using ImageLease leased = await store.AcquireAsync($"{_repository}@{digest}", cancellationToken: Token);
        using (await store.AcquireAsync(Name("last"), cancellationToken: Token)) { }
        Assert.True(await TestImages.HasAsync(Client, OwnNames.Of(ImageReference.Parse($"{_repository}@{digest}"))));
        Assert.False(await TestImages.HasAsync(Client, Kept("first")));
        await Client.DeleteImageAsync(OwnNames.Of(ImageReference.Parse($"{_repository}@{digest}")), new ImageDeleteParameters(), Token);
    }

    [Fact]
    public async Task Acquire_RemovedByTheOperator_IsPulledAgain()
    {
        await Client.DeleteImageAsync(Kept("first"), new ImageDeleteParameters(), Token);
        using ImageLease lease = await _store.AcquireAsync(Name("first"), cancellationToken: Token);
        Assert.False(lease.Image.WasPresent);
        Assert.Equal(["first"], await LeftAsync());
    }

    private string Name(string tag) => $"{_repository}:{tag}";

    private string Kept(string tag) => OwnNames.Of(ImageReference.Parse(Name(tag)));

    private ImageCache Cache(long? budget) => new(
        Client, _pulls.Puller, new EngineDisk(Client, isHere: true), _journal, new ImageCacheOptions { CacheBytes = budget, FreeBytes = 0 }, NullLogger<ImageCache>.Instance);

    private async Task MakeAsync(string tag, bool start)
    {
        CreateContainerResponse made = await Client.CreateContainerAsync(new CreateContainerParameters { Image = Kept(tag), HostConfig = new HostConfig { NetworkMode = "none" } }, Token);
        _containers.Add(made.ID);
        if (start) await Client.StartContainerAsync(made.ID, Token);
    }

    private async Task<IReadOnlyList<string>> LeftAsync()
    {
        HashSet<string> all = [.. (await Client.ListImagesAsync(Token)).SelectMany(image => image.RepoTags).Where(name => !name.StartsWith('<')).Select(name => ImageReference.Parse(name).Canonical)];
        return [.. Tags.Where(tag => all.Contains(Name(tag)) || all.Contains(Kept(tag))).Order(StringComparer.Ordinal)];
    }
}
