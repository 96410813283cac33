using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Node.Chain;
using Nosana.Testing;

namespace Nosana.Node.Tests.Chain;

/// <summary>This machine's clock beside that of an embedded network.</summary>
public sealed class ChainClockTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _machine = new();
    private ChainStub _stub = null!;
    private ChainClock _clock = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _stub = await ChainStub.StartAsync();
        _clock = new ChainClock(_stub.Chain, _machine, NullLogger<ChainClock>.Instance);
    }

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task TryMeasureAsync_ClockIsRight_IsTheMachines()
    {
        Assert.Null(_clock.Offset);
        _machine.Advance(TimeSpan.FromMilliseconds(900)); // within the chain's second
        Assert.True(await _clock.TryMeasureAsync(Cancel));
        Assert.Equal(TimeSpan.Zero, _clock.Offset);
        Assert.Equal(_machine.GetUtcNow(), _clock.UtcNow);
        Assert.Null(_clock.Problem);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(3600, "3600 s ahead of the chain's")]
    [InlineData(-45, "45 s behind the chain's")]
    [InlineData(20, null)]
    public async Task TryMeasureAsync_ClockIsWrong_TheChainsTimeGoesOnAndBeyondHalfAMinuteNoWorkIsTaken(int seconds, string? problem)
    {
        _machine.Step(TimeSpan.FromSeconds(seconds));
        Assert.True(await _clock.TryMeasureAsync(Cancel));
        Assert.Equal(-seconds, _clock.Offset!.Value.TotalSeconds);
        Assert.Equal(_stub.Clock.GetUtcNow(), _clock.UtcNow);
        if (problem is null) Assert.Null(_clock.Problem);
        else Assert.Contains(problem, _clock.Problem, StringComparison.Ordinal);
        _machine.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(_stub.Clock.GetUtcNow().AddSeconds(5), _clock.UtcNow);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task TryMeasureAsync_NodeLags_ItsTimeIsNotTakenForTheChains()
    {
        _stub.Clock.Advance(TimeSpan.FromMinutes(2));
        _machine.Advance(TimeSpan.FromMinutes(2));
        await _clock.TryMeasureAsync(Cancel);
        _stub.Network.Faults.Node.LagSlots = 150;
        _stub.Network.Faults.Node.IgnoresMinContextSlot = true;
        _clock.Observe((await new NosanaChain(_stub.Rpc, _stub.Programs).LookAtClockAsync(Cancel)).Value);
        Assert.Equal(TimeSpan.Zero, _clock.Offset);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_ClockIsSet_IsMeasuredWithinSeconds()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task running = _clock.RunAsync(stop.Token);
        await Eventually.TrueAsync(() => _clock.Offset is not null, "the first measurement");
        _machine.Step(TimeSpan.FromHours(1));
        Assert.Equal(_stub.Clock.GetUtcNow(), _clock.UtcNow); // no deadline has moved
        _machine.Advance(ChainClock.StepInterval);
        _stub.Clock.Advance(ChainClock.StepInterval);
        await Eventually.TrueAsync(() => _clock.Problem is not null, "the second measurement");
        Assert.Equal(_stub.Clock.GetUtcNow(), _clock.UtcNow);
        await stop.CancelAsync();
        await running;
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task TryMeasureAsync_ChainDoesNotAnswer_TheLastTimeGoesOn()
    {
        _machine.Step(TimeSpan.FromMinutes(5));
        await _clock.TryMeasureAsync(Cancel);
        _stub.Network.Faults.Node.Refuse("getAccountInfo", -32601, "Method not found");
        Assert.False(await _clock.TryMeasureAsync(Cancel));
        _machine.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(_stub.Clock.GetUtcNow().AddSeconds(10), _clock.UtcNow);
    }
}
