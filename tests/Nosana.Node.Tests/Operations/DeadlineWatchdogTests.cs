using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Operations;
using Nosana.Node.Tests.Logs;
using Nosana.Node.Tests.Support;
using Nosana.Testing;

namespace Nosana.Node.Tests.Operations;

/// <summary>Containers of an agent that does not run, and the end of their time.</summary>
public sealed class DeadlineWatchdogTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly FakeEngine _engine;
    private readonly ContainerRuntime _containers;
    private readonly ContainerDeadlines _deadlines;

    public DeadlineWatchdogTests()
    {
        _engine = new FakeEngine(_clock);
        _containers = new ContainerRuntime(_engine, NullLogger<ContainerRuntime>.Instance, _clock);
        _deadlines = new ContainerDeadlines(_directory.Path, NullLogger<ContainerDeadlines>.Instance);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DeadlineWatchdog Watchdog => new(_deadlines, _containers, TimeSpan.Zero, _clock, NullLogger<DeadlineWatchdog>.Instance);

    public void Dispose()
    {
        _engine.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task EndOverdueAsync_TimeIsUp_StopsTheJobsContainersAndNoOthers()
    {
        FakeContainer late = await StartAsync("late"), early = await StartAsync("early"), unknown = await StartAsync("unknown");
        _deadlines.Write("late", _clock.GetUtcNow());
        _deadlines.Write("early", _clock.GetUtcNow().AddSeconds(1));
        Assert.Equal(1, await Watchdog.EndOverdueAsync(Cancel));
        Assert.Equal((false, true, true), (late.IsRunning, early.IsRunning, unknown.IsRunning));
        Assert.Equal(3, _engine.Present.Count); // stopped, not removed: the next agent takes their output
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await Watchdog.EndOverdueAsync(Cancel));
        Assert.False(early.IsRunning);
    }

    [Fact]
    public async Task EndOverdueAsync_NothingOfTheJobIsThere_ForgetsItsDeadline()
    {
        _deadlines.Write("gone", _clock.GetUtcNow());
        Assert.Equal(0, await Watchdog.EndOverdueAsync(Cancel));
        Assert.Empty(_deadlines.Read());
    }

    [Fact]
    public async Task EndOverdueAsync_EngineIsDown_SaysSoAndForgetsNothing()
    {
        await StartAsync("late");
        _deadlines.Write("late", _clock.GetUtcNow());
        _engine.Down = true;
        await Assert.ThrowsAsync<EngineException>(() => Watchdog.EndOverdueAsync(Cancel));
        Assert.Single(_deadlines.Read());
    }

    [Fact]
    public async Task Read_ADamagedFile_KeepsNoOtherFromBeingRead()
    {
        _deadlines.Write("job", _clock.GetUtcNow());
        _deadlines.Write("job", _clock.GetUtcNow().AddHours(1));
        await File.WriteAllTextAsync(Path.Combine(_directory.Path, "deadlines", "damaged"), "tomorrow", Cancel);
        Assert.Equal(("job", _clock.GetUtcNow().AddHours(1)), Assert.Single(_deadlines.Read()));
        _deadlines.Remove("job");
        _deadlines.Remove("job");
        Assert.Empty(_deadlines.Read());
    }

    private async Task<FakeContainer> StartAsync(string job)
    {
        _engine.Shelf.Put("docker.io/library/busybox:latest");
        _engine.NetworksByName["network"] = new Dictionary<string, string>();
        _engine.Programs[job] = FakeProgram.Service();
        string id = (await _engine.CreateContainerAsync(new CreateContainerParameters
        {
            Name = job,
            Image = "docker.io/library/busybox:latest",
            HostConfig = new HostConfig { NetworkMode = "network" },
            Labels = new Dictionary<string, string> { [EngineLabels.Job] = job, [EngineLabels.Op] = job },
        }, Cancel)).ID;
        await _containers.StartAsync(id, Cancel);
        return _engine.ContainerOf(job)!;
    }
}
