using Microsoft.Extensions.Logging;
using Nosana.Node.Engine.Prefetch;
using Nosana.Node.HostManager;
using Nosana.Node.Tests.Support;
using Nosana.Testing;

namespace Nosana.Node.Tests.HostManager;

/// <summary>From the service's answer to what is on the engine.</summary>
public sealed class MarketNeedsTests : IAsyncLifetime
{
    private readonly CancellationTokenSource _job = new(), _exit = new();
    private ManagerScene _scene = null!;
    private FakeEngine _engine = null!;
    private ImageBench _images = null!;
    private ResourceBench _resources = null!;
    private Prefetcher _prefetcher = null!;
    private MarketNeeds _needs = null!;

    public async ValueTask InitializeAsync()
    {
        _scene = await ManagerScene.StartAsync();
        _engine = new FakeEngine(_scene.Clock);
        _images = new ImageBench(_engine, _scene.Clock);
        _resources = new ResourceBench(_engine, _images.Journal, "/nonexistent", _scene.Clock);
        _prefetcher = new Prefetcher(_images.Store, _resources.Store, new PrefetchOptions(), new Logger<Prefetcher>(_scene.Logs), _scene.Clock);
        _needs = new MarketNeeds(_scene.Introduction, _prefetcher, _scene.Clock, new Logger<MarketNeeds>(_scene.Logs));
    }

    public async ValueTask DisposeAsync()
    {
        _prefetcher.Dispose();
        _resources.Dispose();
        _images.Dispose();
        _engine.Dispose();
        _job.Dispose();
        _exit.Dispose();
        await _scene.DisposeAsync();
    }

    [Fact]
    public async Task FetchAsync_ListOfTheMarket_IsPulledAndLookedAtAgainLater()
    {
        _scene.Manager.RequiredImages = ["a"];
        await _needs.LookAsync(_scene.Manager.Market, TestContext.Current.CancellationToken);
        Task fetching = _needs.FetchAsync(_job.Token, _exit.Token);
        await Eventually.TrueAsync(() => _engine.Shelf.References.Count == 1, "the image");
        _scene.Manager.RequiredImages = ["b"];
        await Eventually.TrueAsync(() =>
        {
            _scene.Clock.Advance(TimeSpan.FromMinutes(1));
            return _engine.Shelf.References.Count == 2;
        }, "the image of the new list");
        await _job.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        Assert.Equal([("docker.io/library/a:latest", false), ("docker.io/library/b:latest", true)], _images.Journal.CachedImages().Select(row => (row.Reference, row.Required)).Order());
    }

    [Fact]
    public async Task FetchAsync_ServiceDidNotSay_IsAskedAgainAndWhatWasRequiredStays()
    {
        _scene.Network.Faults.HostManagerStatus = 503;
        await _needs.LookAsync(_scene.Manager.Market, TestContext.Current.CancellationToken);
        _scene.Network.Faults.HostManagerStatus = null;
        _scene.Manager.RequiredImages = ["a"];
        Task fetching = _needs.FetchAsync(_job.Token, _exit.Token);
        await Eventually.TrueAsync(() =>
        {
            _scene.Clock.Advance(TimeSpan.FromSeconds(10));
            return _engine.Shelf.References.Count == 1;
        }, "the image");
        await _exit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
    }
}
