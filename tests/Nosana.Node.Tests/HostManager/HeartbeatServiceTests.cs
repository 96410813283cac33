using Microsoft.Extensions.Logging;
using Nosana.LocalNet.HostManager;
using Nosana.Node.HostManager;
using Nosana.Testing;

namespace Nosana.Node.Tests.HostManager;

public sealed class HeartbeatServiceTests : IAsyncLifetime
{
    private ManagerScene _scene = null!;
    private HeartbeatService _service = null!;

    private IReadOnlyList<HostManagerRequest> Beats => _scene.Manager.Requests;

    public async ValueTask InitializeAsync()
    {
        _scene = await ManagerScene.StartAsync();
        _scene.Manager.MaxHeartbeatsPerDay = 1_440;
        _service = new HeartbeatService(_scene.Client, _scene.Clock, _scene.Logs.CreateLogger<HeartbeatService>());
    }

    public async ValueTask DisposeAsync()
    {
        await _service.StopAsync(CancellationToken.None);
        _service.Dispose();
        await _scene.DisposeAsync();
    }

    [Fact]
    public async Task Execute_AsOftenAsTheServiceWants_OneEveryMinute()
    {
        await _service.StartAsync(TestContext.Current.CancellationToken);
        await WaitingAfterAsync(1);

        _scene.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Single(Beats);
        _scene.Clock.Advance(TimeSpan.FromSeconds(1));
        await WaitingAfterAsync(2);
    }

    [Fact]
    public async Task Execute_ServiceSilent_GivesUpAndKeepsItsDistance()
    {
        _scene.Network.Faults.HostManagerSilent = true;
        await _service.StartAsync(TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(() => Beats.Count == 1, "the first beat has arrived");

        _scene.Clock.Advance(HostManagerTransport.TimeLimit);
        await WaitingAfterAsync(1);

        Assert.Equal(HeartbeatSchedule.FirstInterval - HostManagerTransport.TimeLimit, _service.NextBeat - _scene.Clock.GetUtcNow());
    }

    [Fact]
    public async Task Execute_ServiceFails_BeatsGoOnAndTheLogSaysSoOnce()
    {
        _scene.Network.Faults.HostManagerStatus = 500;
        await _service.StartAsync(TestContext.Current.CancellationToken);
        for (int beat = 1; beat <= 3; beat++)
        {
            await WaitingAfterAsync(beat);
            _scene.Clock.Advance(HeartbeatSchedule.FirstInterval);
        }
        await WaitingAfterAsync(4);
        _scene.Network.Faults.HostManagerStatus = null;
        _scene.Clock.Advance(HeartbeatSchedule.FirstInterval);
        await WaitingAfterAsync(5);

        Assert.Single(_scene.Logs.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal));
        Assert.Contains(_scene.Logs.Lines, line => line.Contains("again", StringComparison.Ordinal));
    }

    /// <summary>So many beats have been sent, and the one timer is the wait for the next, not the time limit of a call.</summary>
    private Task WaitingAfterAsync(int beats) => Eventually.TrueAsync(
        () => Beats.Count == beats && _scene.Clock.ActiveTimers == 1 && _service.NextBeat > _scene.Clock.GetUtcNow(), $"{beats} beats and the wait for the next");
}
