using System.Net;
using Docker.DotNet.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Docker;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Containers;
using Nosana.Testing;

namespace Nosana.Node.Tests.Engine.Containers;

public sealed class ContainerRuntimeTests : IDisposable
{
    private readonly FakeContainers _engine = new();
    private readonly ManualTimeProvider _clock = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task WaitAsync_EngineGoesAwayAndComesBack_SaysWhatTheEngineThenSays()
    {
        _engine.Waits.Enqueue(() => throw new DockerStreamException("The engine closed the connection."));
        for (int i = 0; i < 5; i++) _engine.Waits.Enqueue(() => throw new DockerUnavailableException(new Uri("unix:///x.sock"), "does not answer", "Start it"));
        _engine.Waits.Enqueue(Ended);
        _engine.Inspections.Enqueue(() => new State
        {
            Status = "exited",
            ExitCode = 137,
            OOMKilled = true,
            Error = "boom",
            StartedAt = "2026-01-01T00:00:00.5Z",
            FinishedAt = "2026-01-01T00:00:02Z",
        });
        ContainerExit exit = await WaitAsync();
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(new ContainerExit(137, true, "boom", null, start.AddSeconds(0.5), start.AddSeconds(2)), exit);
        Assert.Empty(_engine.Waits);
    }

    [Fact]
    public async Task WaitAsync_BetweenTwoRuns_WaitsOn()
    {
        foreach (string status in (string[])["restarting", "running", "exited"])
        {
            _engine.Waits.Enqueue(Ended);
            _engine.Inspections.Enqueue(() => new State { Status = status, Running = status != "exited", Restarting = status == "restarting", ExitCode = 3 });
        }
        Assert.Equal(3, (await WaitAsync()).ExitCode);
    }

    [Theory]
    [InlineData(RestartPolicyKind.UnlessStopped, 0, true)]
    [InlineData(RestartPolicyKind.OnFailure, 143, true)]
    [InlineData(RestartPolicyKind.OnFailure, 0, false)]
    [InlineData(RestartPolicyKind.No, 143, false)]
    public async Task WaitAsync_StoppedByAnEngineThatShutsDown_GoesOnWithWhatTheEngineStartsAgain(RestartPolicyKind policy, int exitCode, bool again)
    {
        _engine.Policy = policy;
        _engine.Waits.Enqueue(Ended);
        _engine.Inspections.Enqueue(() => new State { Status = "exited", ExitCode = exitCode, FinishedAt = "2026-01-01T00:00:01Z" });
        if (again)
        {
            _engine.Waits.Enqueue(() => throw new DockerUnavailableException(new Uri("unix:///x.sock"), "does not answer", "Start it"));
            _engine.Waits.Enqueue(Ended);
            _engine.Inspections.Enqueue(() => new State { Status = "exited", ExitCode = 0, FinishedAt = "2026-01-01T00:02:00Z" });
            if (policy == RestartPolicyKind.UnlessStopped)
            {
                // The second look says what the first did: somebody stopped it.
                _engine.Waits.Enqueue(Ended);
                _engine.Inspections.Enqueue(() => new State { Status = "exited", ExitCode = 0, FinishedAt = "2026-01-01T00:02:00Z" });
            }
        }
        Assert.Equal(again ? 0 : exitCode, (await WaitAsync()).ExitCode);
        Assert.Empty(_engine.Waits);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(500, false)]
    public async Task StopAsync_EngineIsAway_IsWaitedForAWhile(int failures, bool stops)
    {
        _engine.FailingStops = failures;
        Task stopping = RuntimeOf().StopAsync("x", TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        await AdvanceUntilAsync(stopping);
        if (stops) await stopping;
        else Assert.Equal(EngineFault.EngineDown, (await Assert.ThrowsAsync<EngineException>(() => stopping)).Fault);
    }

    [Fact]
    public async Task WaitAsync_NotStartedYet_WaitsForItsNextEnd()
    {
        for (int i = 0; i < 3; i++) _engine.Waits.Enqueue(Ended);
        _engine.Inspections.Enqueue(() => new State { Status = "created" });
        _engine.Inspections.Enqueue(() => new State { Status = "exited" });
        await WaitAsync();
        Assert.Equal([WaitCondition.NotRunning, WaitCondition.NextExit, WaitCondition.NotRunning], _engine.Conditions);
    }

    [Fact]
    public async Task WaitAsync_EndStampedBeforeTheStart_LastsNoNegativeTime()
    {
        _engine.Waits.Enqueue(Ended);
        _engine.Inspections.Enqueue(() => new State { Status = "exited", StartedAt = "2026-01-01T00:00:01.2Z", FinishedAt = "2026-01-01T00:00:01.1Z" });
        ContainerExit exit = await WaitAsync();
        Assert.Equal(exit.FinishedAt, exit.StartedAt);
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 1, 100, TimeSpan.Zero), exit.FinishedAt);
    }

    [Fact]
    public async Task WaitAsync_ContainerIsGone_IsMissing()
    {
        _engine.Waits.Enqueue(() => throw new DockerContainerNotFoundException(HttpStatusCode.NotFound, "No such container: x"));
        Assert.Equal(EngineFault.ContainerMissing, (await Assert.ThrowsAsync<EngineException>(WaitAsync)).Fault);
    }

    private static void Ended()
    {
    }

    private ContainerRuntime RuntimeOf() => new(_engine, NullLogger<ContainerRuntime>.Instance, _clock);

    private async Task<ContainerExit> WaitAsync()
    {
        Task<ContainerSnapshot> waiting = RuntimeOf().WaitAsync("x", TestContext.Current.CancellationToken);
        await AdvanceUntilAsync(waiting);
        return (await waiting).Exit!;
    }

    private async Task AdvanceUntilAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            if (_clock.ActiveTimers > 0) _clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken);
        }
    }
}
