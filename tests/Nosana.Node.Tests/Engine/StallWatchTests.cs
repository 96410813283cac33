using Nosana.Node.Engine;
using Nosana.Testing;

namespace Nosana.Node.Tests.Engine;

public sealed class StallWatchTests
{
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void Stalled_NothingComes_AfterTheLimitAndNotBefore()
    {
        using var watch = new StallWatch(StallWatch.Longest, _clock);
        _clock.Advance(StallWatch.Longest - TimeSpan.FromSeconds(1));
        Assert.False(watch.Stalled.IsCancellationRequested);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(watch.Stalled.IsCancellationRequested);
    }

    [Theory]
    [InlineData(100_000, 600, false)]
    [InlineData(99_999, 600, true)]
    [InlineData(100_000, 16, false)]
    [InlineData(99_999, 16, true)]
    // Bytes that are thrown away again are none.
    [InlineData(0, 600, true)]
    public void Stalled_BytesComeAllTheTime_OnlyBelowTheRate(int rate, int limit, bool stalled)
    {
        using var watch = new StallWatch(TimeSpan.FromSeconds(limit), _clock);
        for (int second = 0; second < 3600; second++)
        {
            watch.Received(rate + 1_000_000);
            watch.Received(-1_000_000);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(stalled, watch.Stalled.IsCancellationRequested);
    }

    [Theory]
    [InlineData(null, 600)]
    [InlineData(7200, 600)]
    [InlineData(2400, 600)]
    [InlineData(60, 15)]
    public void LimitOf_JobsTime_IsAQuarterOfItAndTenMinutesAtMost(int? timeout, int limit) =>
        Assert.Equal(TimeSpan.FromSeconds(limit), StallWatch.LimitOf(timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null));
}
