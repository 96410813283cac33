using System.Net;
using Microsoft.Extensions.Logging;
using Docker.DotNet.Models;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Prefetch;
using Nosana.Node.Tests.HostManager;
using Nosana.Node.Tests.Logs;
using Nosana.Node.Tests.Support;
using Nosana.Testing;

namespace Nosana.Node.Tests.Engine.Prefetch;

public sealed class PrefetcherTests : IDisposable
{
    private const string A = "docker.io/library/a:latest", B = "docker.io/library/b:latest";

    private static readonly Dictionary<string, Resource> NoResources = [];

    private readonly ManualTimeProvider _clock = new();
    private readonly TemporaryDirectory _directory = new();
    private readonly LogLines _logs = new();
    private readonly CancellationTokenSource _job = new(), _exit = new();
    private readonly FakeEngine _engine;
    private readonly ImageBench _images;
    private readonly ResourceBench _resources;
    private readonly Prefetcher _prefetcher;

    public PrefetcherTests()
    {
        _engine = new FakeEngine(_clock);
        _images = new ImageBench(_engine, _clock);
        _resources = new ResourceBench(_engine, _images.Journal, _directory.Path, _clock);
        _prefetcher = new Prefetcher(_images.Store, _resources.Store, new PrefetchOptions { MaxItems = 3 }, new Logger<Prefetcher>(_logs), _clock);
    }

    public void Dispose()
    {
        _prefetcher.Dispose();
        _resources.Dispose();
        _images.Dispose();
        _engine.Dispose();
        _job.Dispose();
        _exit.Dispose();
        _logs.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task FetchAsync_Images_AreThereAndRequired()
    {
        _prefetcher.Want(["a", "b", "a"], NoResources);
        Assert.Null(await _prefetcher.FetchAsync(_job.Token, _exit.Token));
        Assert.Equal([A, B], _engine.Shelf.References);
        Assert.All(_images.Journal.CachedImages(), row => Assert.True(row.Required));
    }

    [Fact]
    public async Task FetchAsync_OneFails_TheOthersComeAndItIsTriedAgainLater()
    {
        bool isAway = true;
        _engine.PullError = name => name == A && isAway ? FakeEngine.Error(HttpStatusCode.NotFound, "manifest unknown") : null;
        _prefetcher.Want(["a", "b"], NoResources);
        DateTimeOffset? again = await _prefetcher.FetchAsync(_job.Token, _exit.Token);
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromMinutes(1), again);
        Assert.Equal([B], _engine.Shelf.References);
        Assert.Contains("a:latest", Assert.Single(_logs.Lines), StringComparison.Ordinal);
        // Not before its time, also when it is named again.
        _prefetcher.Want(["a", "b"], NoResources);
        Assert.Equal(again, await _prefetcher.FetchAsync(_job.Token, _exit.Token));
        Assert.Single(_engine.Shelf.Requests, $"pull {A}");
        _clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromMinutes(2), await _prefetcher.FetchAsync(_job.Token, _exit.Token));
        isAway = false;
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(await _prefetcher.FetchAsync(_job.Token, _exit.Token));
        Assert.Equal([A, B], _engine.Shelf.References);
    }

    [Fact]
    public async Task FetchAsync_JobComes_BeginsNothingMoreAndGivesUpWhatNobodyTakesOver()
    {
        Task<DateTimeOffset?> fetching = await PullingAsync();
        await _job.CancelAsync();
        await Eventually.EndsAsync(fetching, _clock, new PrefetchOptions().Handover);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        await Eventually.TrueAsync(() => _images.Journal.CachedImages().Count == 0, "nothing is left of it");
        Assert.Single(_engine.Shelf.Requests, $"pull {A}");
        Assert.DoesNotContain($"pull {B}", _engine.Shelf.Requests);
    }

    [Fact]
    public async Task FetchAsync_JobNeedsWhatIsBeingPulled_TakesThePullOver()
    {
        Task<DateTimeOffset?> fetching = await PullingAsync();
        await _job.CancelAsync();
        bool hasJoined = false;
        Task<ImageLease> acquiring = _images.Store.AcquireAsync("a", null, new SynchronousProgress<PullProgress>(_ => hasJoined = true), TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() =>
        {
            _engine.PullProgress!.Report(new JSONMessage { ID = "layer", Status = "Waiting" });
            return hasJoined;
        }, "the job has joined the pull");
        await Eventually.EndsAsync(fetching, _clock, new PrefetchOptions().Handover);
        _engine.SlowPull!.SetResult();
        using ImageLease lease = await acquiring;
        Assert.Single(_engine.Shelf.Requests, $"pull {A}");
    }

    [Fact]
    public async Task FetchAsync_AgentExits_EndsAtOnce()
    {
        Task<DateTimeOffset?> fetching = await PullingAsync();
        await _exit.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
    }

    [Fact]
    public async Task Want_TooManyOrIllegal_IsToldAndBounded()
    {
        _prefetcher.Want(["a", "B:x:y", "b", "c", "d"], NoResources);
        Assert.Null(await _prefetcher.FetchAsync(_job.Token, _exit.Token));
        Assert.Equal(3, _engine.Shelf.References.Count);
        Assert.Contains(_logs.Lines, line => line.Contains("B:x:y", StringComparison.Ordinal));
        Assert.Contains(_logs.Lines, line => line.Contains("4 images and resources", StringComparison.Ordinal));
    }

    private async Task<Task<DateTimeOffset?>> PullingAsync()
    {
        _engine.SlowPull = new TaskCompletionSource();
        _prefetcher.Want(["a", "b"], NoResources);
        Task<DateTimeOffset?> fetching = _prefetcher.FetchAsync(_job.Token, _exit.Token);
        await Eventually.TrueAsync(() => _engine.Shelf.Requests.Contains($"pull {A}"), "the pull");
        return fetching;
    }
}
