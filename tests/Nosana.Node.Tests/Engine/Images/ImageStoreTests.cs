using System.Net;
using Docker.DotNet.Models;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Journal;
using Nosana.Node.Tests.Support;
using Nosana.Testing;

namespace Nosana.Node.Tests.Engine.Images;

/// <summary>What is kept, what goes, and what is none of this agent's.</summary>
public sealed class ImageStoreTests : IDisposable
{
    private const string A = "docker.io/library/a:latest", B = "docker.io/library/b:latest", C = "docker.io/library/c:latest", D = "docker.io/library/d:latest";

    private static readonly RegistryCredentials Tenant = new("tenant", "secret");

    private readonly ManualTimeProvider _clock = new();
    private readonly FakeEngine _engine;
    private readonly List<ImageBench> _benches = [];

    public ImageStoreTests() => _engine = new FakeEngine(_clock);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        for (int i = _benches.Count - 1; i >= 0; i--) _benches[i].Dispose();
        _engine.Dispose();
    }

    [Fact]
    public async Task AcquireAsync_ImageThatIsThere_CostsOneInspectionAndNothingElse()
    {
        ImageBench bench = Bench(budget: 1_000);
        (await bench.Store.AcquireAsync("a", cancellationToken: Token)).Dispose();
        int before = _engine.Looks, requests = _engine.Shelf.Requests.Count;
        using ImageLease lease = await bench.Store.AcquireAsync("a", cancellationToken: Token);
        Assert.True(lease.Image.WasPresent);
        Assert.Equal([$"inspect {A}"], _engine.Shelf.Requests.Skip(requests));
        Assert.Equal(1, _engine.Looks - before);
    }

    [Fact]
    public async Task AcquireAsync_Pulled_IsWrittenDownWithSizeAndTime()
    {
        ImageBench bench = Bench();
        _engine.Shelf.Bytes[A] = 4711;
        using (ImageLease lease = await bench.Store.AcquireAsync("a", cancellationToken: Token)) _clock.Advance(TimeSpan.FromHours(1));
        CachedImage row = Assert.Single(bench.Journal.CachedImages());
        Assert.Equal((A, FakeImageShelf.ContentId(A), 4711L), (row.Reference, row.ImageId, row.Bytes));
        Assert.Equal(_clock.GetUtcNow().ToUnixTimeMilliseconds(), row.LastUsed);
    }

    [Fact]
    public async Task AcquireAsync_WhileThePullRuns_TheRowIsThereAlready()
    {
        ImageBench bench = Bench();
        _engine.SlowPull = new TaskCompletionSource();
        Task<ImageLease> pull = bench.Store.AcquireAsync("a", cancellationToken: Token);
        await Eventually.TrueAsync(() => _engine.Shelf.Requests.Contains($"pull {A}"), "the pull");
        Assert.Null(Assert.Single(bench.Journal.CachedImages()).ImageId);
        _engine.SlowPull.SetResult();
        (await pull).Dispose();
    }

    [Fact]
    public async Task AcquireAsync_PullFails_LeavesNoRow()
    {
        ImageBench bench = Bench();
        _engine.MissingImages.Add("a");
        await Assert.ThrowsAsync<EngineException>(() => bench.Store.AcquireAsync("a", cancellationToken: Token));
        Assert.Empty(bench.Journal.CachedImages());
    }

    [Fact]
    public async Task AcquireAsync_BudgetExceeded_RemovesWhatWasNotUsedForLongest()
    {
        ImageBench bench = Bench(budget: 250);
        await UseAsync(bench, "a", "b", "a", "c");
        Assert.Equal([A, C], _engine.Shelf.References);
        Assert.Equal([A, C], bench.Journal.CachedImages().Select(row => row.Reference));
    }

    [Fact]
    public async Task AcquireAsync_LeasedUsedOrRequired_IsNotRemoved()
    {
        ImageBench bench = Bench(budget: 50);
        bench.Store.Require(["docker.io/library/required:latest"]);
        using ImageLease leased = await bench.Store.AcquireAsync("leased", cancellationToken: Token);
        using (await bench.Store.AcquireAsync("used", cancellationToken: Token)) await RunAsync("used");
        await UseAsync(bench, "required", "a", "b");
        Assert.Equal([B, "docker.io/library/leased:latest", "docker.io/library/required:latest", "docker.io/library/used:latest"], _engine.Shelf.References);
    }

    [Fact]
    public async Task AcquireAsync_OperatorsOwnImages_AreUsedAndNeverRemoved()
    {
        ImageBench bench = Bench(budget: 50);
        _engine.Shelf.Put(A);
        _engine.Shelf.Registry[B] = A; // the same content under a second name
        await UseAsync(bench, "a", "b", "c", "d");
        Assert.Equal([A, B, D], _engine.Shelf.References);
        Assert.Equal([D], bench.Journal.CachedImages().Select(row => row.Reference));
    }

    [Fact]
    public async Task AcquireAsync_SomebodyElsePulledTheReferenceAnew_ItIsTheirsAndTheOldContentGoes()
    {
        ImageBench bench = Bench(budget: 250);
        await UseAsync(bench, "a");
        _engine.Shelf.Registry[A] = "newer";
        _engine.Shelf.Put(A);
        await UseAsync(bench, "b", "c", "d");
        Assert.Contains(A, _engine.Shelf.References);
        Assert.Contains($"delete {FakeImageShelf.ContentId(A)}", _engine.Shelf.Requests);
    }

    [Fact]
    public async Task AcquireAsync_TagHasMovedOn_TheOldContentIsRemovedWithTime()
    {
        ImageBench bench = Bench(budget: 250);
        (await bench.Store.AcquireAsync("a", Tenant, cancellationToken: Token)).Dispose();
        _engine.Shelf.Registry[A] = "newer";
        (await bench.Store.AcquireAsync("a", Tenant, cancellationToken: Token)).Dispose();
        Assert.Equal(2, _engine.Shelf.Contents);
        await UseAsync(bench, "b");
        Assert.Equal([A, B], _engine.Shelf.References);
        Assert.Equal(2, _engine.Shelf.Contents);
    }

    [Fact]
    public async Task AcquireAsync_DiskIsShort_MakesRoomBeforeThePullAndStopsWhenThereIsSome()
    {
        ImageBench bench = Bench(free: () => 50, least: 10);
        await UseAsync(bench, "a", "b");
        Assert.Equal([A, B], _engine.Shelf.References);
        ImageBench next = Bench(free: () => _engine.Shelf.References.Contains(A) ? 5 : 50, least: 10, before: bench);
        await UseAsync(next, "c");
        Assert.Equal([B, C], _engine.Shelf.References);
        Assert.True(_engine.Shelf.Requests.IndexOf($"delete {A}") < _engine.Shelf.Requests.IndexOf($"pull {C}"));
    }

    [Fact]
    public async Task AcquireAsync_DiskFillsUpInThePull_RemovesOneAfterTheOtherAndGoesOn()
    {
        ImageBench bench = Bench();
        await UseAsync(bench, "a", "b");
        _engine.PullError = _ => _engine.Shelf.References.Contains(B) ? FakeEngine.Error(HttpStatusCode.InternalServerError, "write /var/lib/docker/x: no space left on device") : null;
        await UseAsync(bench, "c");
        Assert.Equal([C], _engine.Shelf.References);
    }

    [Fact]
    public async Task AcquireAsync_DiskIsFullAndNothingIsOurs_Fails()
    {
        ImageBench bench = Bench();
        _engine.Shelf.Put(A);
        _engine.PullError = _ => FakeEngine.Error(HttpStatusCode.InternalServerError, "no space left on device");
        var exception = await Assert.ThrowsAsync<EngineException>(() => bench.Store.AcquireAsync("c", cancellationToken: Token));
        Assert.Equal(EngineFault.NoSpace, exception.Fault);
        Assert.Equal([A], _engine.Shelf.References);
    }

    [Fact]
    public async Task AcquireAsync_ImageOfAnotherTenantsAccount_IsAskedOfTheRegistry()
    {
        ImageBench bench = Bench();
        (await bench.Store.AcquireAsync("a", Tenant, cancellationToken: Token)).Dispose();
        _engine.PullError = _ => FakeEngine.Error(HttpStatusCode.NotFound, "pull access denied for a, repository does not exist or may require 'docker login'");
        var exception = await Assert.ThrowsAsync<EngineException>(() => bench.Store.AcquireAsync("a", cancellationToken: Token));
        Assert.Equal(EngineFault.ImageDenied, exception.Fault);
        // Once the registry has given it to somebody without an account it is everybody's.
        _engine.PullError = _ => null;
        (await bench.Store.AcquireAsync("a", cancellationToken: Token)).Dispose();
        int requests = _engine.Shelf.Requests.Count;
        (await bench.Store.AcquireAsync("a", cancellationToken: Token)).Dispose();
        Assert.Equal([$"inspect {A}"], _engine.Shelf.Requests.Skip(requests));
    }

    [Fact]
    public async Task AcquireAsync_AfterAKillInThePull_WhatCameIsThisAgentsAndWhatDidNotIsForgotten()
    {
        ImageBench killed = Bench();
        killed.Journal.Save(new CachedImage { Reference = A });
        killed.Journal.Save(new CachedImage { Reference = B });
        _engine.Shelf.Put(A);
        ImageBench bench = Bench(budget: 150, before: killed);
        await UseAsync(bench, "c", "d");
        Assert.Equal([D], _engine.Shelf.References);
        Assert.Equal([D], bench.Journal.CachedImages().Select(row => row.Reference));
    }

    [Fact]
    public async Task Require_NotSaidYet_IsThatOfTheLastTime()
    {
        ImageBench before = Bench();
        before.Store.Require([A]);
        await UseAsync(before, "a");
        ImageBench bench = Bench(budget: 50, before: before);
        await UseAsync(bench, "b", "c");
        Assert.Equal([A, C], _engine.Shelf.References);
        bench.Store.Require([]);
        await UseAsync(bench, "d");
        Assert.Equal([D], _engine.Shelf.References);
    }

    [Fact]
    public async Task PrefetchAsync_NoRoom_SaysSoAndPullsNothing()
    {
        ImageBench bench = Bench(free: () => 5, least: 10);
        var exception = await Assert.ThrowsAsync<EngineException>(() => bench.Store.PrefetchAsync("a", Token));
        Assert.Equal(EngineFault.NoSpace, exception.Fault);
        Assert.Contains("--image-cache-gb", exception.Message, StringComparison.Ordinal);
        Assert.Empty(_engine.Shelf.References);
        await UseAsync(bench, "a"); // a job tries its luck
    }

    private ImageBench Bench(long? budget = null, Func<long>? free = null, long least = 0, ImageBench? before = null)
    {
        _engine.DataDirectory = free is null ? "" : "/data";
        var bench = new ImageBench(_engine, _clock, new ImageCacheOptions { CacheBytes = budget, FreeBytes = least }, free, before);
        _benches.Add(bench);
        return bench;
    }

    /// <summary>Jobs that use an image each, one after the other.</summary>
    private async Task UseAsync(ImageBench bench, params string[] images)
    {
        foreach (string image in images)
        {
            _clock.Advance(TimeSpan.FromMinutes(1));
            using ImageLease lease = await bench.Store.AcquireAsync(image, cancellationToken: Token);
        }
    }

    private Task<CreateContainerResponse> RunAsync(string image) => _engine.CreateContainerAsync(
        new CreateContainerParameters { Image = image, Name = image, Labels = new Dictionary<string, string> { [EngineLabels.Op] = image }, HostConfig = new HostConfig() }, Token);
}
