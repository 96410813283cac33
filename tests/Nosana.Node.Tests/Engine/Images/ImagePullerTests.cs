using System.Net;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Docker;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Testing;

namespace Nosana.Node.Tests.Engine.Images;

public sealed class ImagePullerTests : IDisposable
{
    private const string Busybox = "docker.io/library/busybox:latest";

    private static readonly DockerApiException Unreachable =
        new(HttpStatusCode.InternalServerError, "Get \"http://127.0.0.1:5000/v2/\": dial tcp 127.0.0.1:5000: connect: connection refused");

    private readonly string _directory = Directory.CreateTempSubdirectory("nosana-accounts-").FullName;
    private readonly FakeImages _engine = new();
    private readonly ManualTimeProvider _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _engine.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task FindAsync_ImageThatIsThere_CostsOneInspection()
    {
        _engine.Add(Busybox);
        using ImagePuller puller = Puller();
        PulledImage? image = await puller.FindAsync("busybox", Token);
        Assert.Equal(new PulledImage(Busybox, "sha256:id", "sha256:digest", WasPresent: true), image);
        Assert.Equal((1, 0), (_engine.Inspections, _engine.Pulls.Count));
    }

    [Fact]
    public async Task PullAsync_ManyAtOnce_PullOnceAndAllSeeTheProgress()
    {
        var going = new TaskCompletionSource();
        _engine.Pull = async (_, progress, token) =>
        {
            await going.Task.WaitAsync(token);
            progress!.Report(new JSONMessage { ID = "a", Status = "Downloading", Progress = new JSONProgress { Current = 1, Total = 2 } });
        };
        using ImagePuller puller = Puller();
        List<PullProgress>[] seen = [.. Enumerable.Range(0, 5).Select(_ => new List<PullProgress>())];
        Task<PulledImage>[] pulls = [.. seen.Select(list => puller.PullAsync("busybox", null, new SynchronousProgress<PullProgress>(list.Add), Token))];
        going.SetResult();
        await Task.WhenAll(pulls);
        Assert.Single(_engine.Pulls);
        Assert.All(seen, list => Assert.Equal([PullProgress.Begun, new PullProgress(1, 2, 0, 1, "Downloading", Moved: 1)], list));
        Assert.NotNull(await puller.FindAsync("docker.io/library/busybox:latest", Token));
    }

    [Fact]
    public async Task PullAsync_OneOfTwoLeaves_ThePullGoesOn()
    {
        var started = new TaskCompletionSource();
        var going = new TaskCompletionSource();
        _engine.Pull = async (_, _, token) =>
        {
            started.SetResult();
            await going.Task.WaitAsync(token);
        };
        using ImagePuller puller = Puller();
        using var leaves = new CancellationTokenSource();
        Task<PulledImage> first = puller.PullAsync("busybox", cancellationToken: leaves.Token);
        Task<PulledImage> second = puller.PullAsync("busybox", cancellationToken: Token);
        await started.Task;
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        going.SetResult();
        Assert.Equal(Busybox, (await second).Reference);
    }

    [Fact]
    public async Task PullAsync_AllLeave_ThePullEndsAndTheNextBeginsAnew()
    {
        var started = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        _engine.Pull = async (number, _, token) =>
        {
            if (number > 1) return;
            started.SetResult();
            using CancellationTokenRegistration registration = token.Register(ended.SetResult);
            await Task.Delay(Timeout.Infinite, token);
        };
        using ImagePuller puller = Puller();
        using var leaves = new CancellationTokenSource();
        Task<PulledImage> first = puller.PullAsync("busybox", cancellationToken: leaves.Token);
        await started.Task;
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await ended.Task;
        await puller.PullAsync("busybox", cancellationToken: Token);
        Assert.Equal(2, _engine.Pulls.Count);
    }

    [Fact]
    public async Task PullAsync_RegistryComesBack_Succeeds()
    {
        _engine.Pull = (number, _, _) => number < 4 ? throw Unreachable : Task.CompletedTask;
        using ImagePuller puller = Puller();
        await Driven(puller.PullAsync("busybox", cancellationToken: Token));
        Assert.Equal(4, _engine.Pulls.Count);
    }

    [Fact]
    public async Task PullAsync_RegistryStaysAway_IsTriedForTenMinutes()
    {
        _engine.Pull = (_, _, _) => throw Unreachable;
        using ImagePuller puller = Puller();
        DateTimeOffset began = _clock.GetUtcNow();
        var exception = await Assert.ThrowsAsync<EngineException>(() => Driven(puller.PullAsync("busybox", cancellationToken: Token)));
        Assert.Equal(EngineFault.RegistryUnavailable, exception.Fault);
        Assert.InRange(_clock.GetUtcNow() - began, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(11));
        Assert.InRange(_engine.Pulls.Count, 20, 30); // 1, 2, 4, 8, 16 and then every 30 s
    }

    [Fact]
    public async Task PullAsync_RegistriesStayAway_AnotherPullHasItsTurn()
    {
        _engine.Pull = (_, _, _) => throw Unreachable;
        using ImagePuller puller = Puller(new PullOptions { Parallel = 1 });
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task waiting = puller.PullAsync("away", cancellationToken: leave.Token);
        await Eventually.TrueAsync(() => _engine.Pulls.Count == 1 && _clock.ActiveTimers > 0, "the first try");
        _engine.Pull = (_, _, _) => Task.CompletedTask;
        await puller.PullAsync("here", cancellationToken: Token);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task PullAsync_EachTryMovesSomeBytes_GoesOnBeyondTheTries()
    {
        _engine.Pull = (number, progress, _) =>
        {
            if (number == 30) return Task.CompletedTask;
            progress!.Report(new JSONMessage { ID = "a", Status = "Downloading", Progress = new JSONProgress { Current = number * new PullOptions().LeastBytes, Total = long.MaxValue } });
            throw Unreachable;
        };
        using ImagePuller puller = Puller();
        await Driven(puller.PullAsync("busybox", cancellationToken: Token));
        Assert.Equal(30, _engine.Pulls.Count);
    }

    [Fact]
    public async Task PullAsync_ImageThatDoesNotExist_IsAskedForOnce()
    {
        _engine.Pull = (_, _, _) => throw new DockerImageNotFoundException(HttpStatusCode.NotFound, "manifest unknown");
        using ImagePuller puller = Puller();
        var exception = await Assert.ThrowsAsync<EngineException>(() => puller.PullAsync("busybox", cancellationToken: Token));
        Assert.Equal(EngineFault.ImageNotFound, exception.Fault);
        Assert.Single(_engine.Pulls);
    }

    [Fact]
    public async Task PullAsync_PullStandsStill_IsTriedAgainAndOneThatMovesIsNot()
    {
        _engine.Pull = async (number, progress, token) =>
        {
            if (number > 1)
            {
                for (int minute = 0; minute < 60; minute++)
                {
                    _clock.Advance(TimeSpan.FromMinutes(1));
                    token.ThrowIfCancellationRequested();
                    progress!.Report(new JSONMessage { ID = "a", Status = "Downloading", Progress = new JSONProgress { Current = minute * new PullOptions().LeastBytes, Total = long.MaxValue } });
                }
                return;
            }
            await Task.Delay(Timeout.Infinite, token);
        };
        using ImagePuller puller = Puller();
        Task<PulledImage> pull = puller.PullAsync("busybox", cancellationToken: Token);
        while (_engine.Pulls.Count < 2)
        {
            if (_clock.ActiveTimers > 0) _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), Token);
        }
        await pull;
        Assert.Equal(2, _engine.Pulls.Count);
    }

    [Fact]
    public async Task PullAsync_RegistryDrips_IsGivenUpAsOneThatIsSilent()
    {
        long bytes = 0;
        _engine.Pull = (_, progress, token) =>
        {
            while (true)
            {
                _clock.Advance(TimeSpan.FromSeconds(10));
                token.ThrowIfCancellationRequested();
                progress!.Report(new JSONMessage { ID = "a", Status = "Downloading", Progress = new JSONProgress { Current = bytes += 100_000, Total = long.MaxValue } });
            }
        };
        using ImagePuller puller = Puller();
        var exception = await Assert.ThrowsAsync<EngineException>(() => Driven(puller.PullAsync("busybox", cancellationToken: Token)));
        Assert.Equal(EngineFault.RegistryUnavailable, exception.Fault);
        Assert.InRange(_engine.Pulls.Count, 2, 3); // five minutes each
    }

    [Fact]
    public async Task PullAsync_MorePullsThanSlots_Wait()
    {
        var going = new TaskCompletionSource();
        int running = 0, most = 0;
        _engine.Pull = async (_, _, token) =>
        {
            int now = Interlocked.Increment(ref running);
            if (now > most) most = now;
            if (now == 2) going.TrySetResult();
            await going.Task.WaitAsync(token);
            Interlocked.Decrement(ref running);
        };
        using ImagePuller puller = Puller(new PullOptions { Parallel = 2 });
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => puller.PullAsync($"image{i}", cancellationToken: Token)));
        Assert.Equal(2, most);
    }

    [Fact]
    public async Task PullAsync_OperatorsAccount_IsUsedForItsRegistryOnly()
    {
        File.WriteAllText(Path.Combine(_directory, "config.json"), """
            {"auths":{"https://index.docker.io/v1/":{"auth":"aHViOnNlY3JldA=="},"ghcr.io":{"username":"cat","password":"p"},"other.example":{}}}
            """);
        using ImagePuller puller = Puller();
        await puller.PullAsync("busybox", cancellationToken: Token);
        await puller.PullAsync("ghcr.io/a/b", cancellationToken: Token);
        await puller.PullAsync("other.example/a", cancellationToken: Token);
        await puller.PullAsync("quay.io/a/b", cancellationToken: Token);
        Assert.Equal(["hub", "cat", null, null], _engine.Pulls.Select(pull => pull.User));
    }

    [Fact]
    public async Task PullAsync_JobsOwnAccount_AsksTheRegistryAlsoWhenTheImageIsThere()
    {
        _engine.Add(Busybox);
        using ImagePuller puller = Puller();
        await puller.PullAsync("busybox", new RegistryCredentials("tenant", "x"), cancellationToken: Token);
        Assert.Equal(("docker.io/library/busybox:latest", "tenant"), Assert.Single(_engine.Pulls));
    }

    [Fact]
    public async Task PullAsync_DamagedAccounts_NamesTheFile()
    {
        string path = Path.Combine(_directory, "config.json");
        File.WriteAllText(path, "{");
        using ImagePuller puller = Puller();
        var exception = await Assert.ThrowsAsync<EngineException>(() => puller.PullAsync("busybox", cancellationToken: Token));
        Assert.Contains(path, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_Credentials_HoldNoSecret() =>
        Assert.DoesNotContain("secret", new RegistryCredentials("user", "secret", "ghcr.io", "secret2").ToString(), StringComparison.Ordinal);

    private ImagePuller Puller(PullOptions? options = null) =>
        new(_engine, new EngineDelivery(_engine, new DockerConfigFile(Path.Combine(_directory, "config.json"))), options ?? new PullOptions(), NullLogger<ImagePuller>.Instance, _clock);

    /// <summary>Lets the clock run as long as something waits for it.</summary>
    private async Task<T> Driven<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            if (_clock.ActiveTimers > 0) _clock.Advance(TimeSpan.FromSeconds(10));
            await Task.Delay(TimeSpan.FromMilliseconds(1), Token);
        }
        return await work;
    }
}
