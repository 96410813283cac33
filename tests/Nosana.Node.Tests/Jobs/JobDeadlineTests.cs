using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Node.Jobs;
using Nosana.Testing;

namespace Nosana.Node.Tests.Jobs;

public sealed class JobDeadlineTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly JobControl _control = new(CancellationToken.None);
    private readonly JobDeadline _deadline;
    private readonly long _now;

    public JobDeadlineTests()
    {
        _now = _clock.GetUtcNow().ToUnixTimeSeconds();
        _deadline = new JobDeadline(_now, _control, _clock, NullLogger<JobDeadline>.Instance);
    }

    public void Dispose()
    {
        _deadline.Dispose();
        _control.Dispose();
    }

    [Fact]
    public void Observe_TimeIsUp_ExpiresAtTheInstant()
    {
        _deadline.Observe(60);
        _clock.Advance(TimeSpan.FromSeconds(59.999));
        Assert.Null(_control.Reason);
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.Equal(StopReason.Expired, _control.Reason);
    }

    [Fact]
    public void Observe_Extended_MovesTheDeadline()
    {
        _deadline.Observe(60);
        _clock.Advance(TimeSpan.FromSeconds(30));
        _deadline.Observe(120);
        _clock.Advance(TimeSpan.FromSeconds(89));
        Assert.Null(_control.Reason);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(StopReason.Expired, _control.Reason);
    }

    [Fact]
    public void Observe_AnswerFromBeforeTheExtension_DoesNotShortenTheJob()
    {
        _deadline.Observe(120);
        _deadline.Observe(60);
        _clock.Advance(TimeSpan.FromSeconds(119));
        Assert.Null(_control.Reason);
        Assert.Equal(_now + 120, _deadline.At!.Value.ToUnixTimeSeconds());
    }

    [Fact]
    public void Observe_DeadlineInThePast_ExpiresAtOnce()
    {
        _deadline.Observe(-5);
        _clock.Advance(TimeSpan.Zero);
        Assert.Equal(StopReason.Expired, _control.Reason);
    }

    [Fact]
    public void Observe_DeadlineFurtherThanATimerReaches_IsReachedAllTheSame()
    {
        _deadline.Observe((long)TimeSpan.FromDays(100).TotalSeconds);
        _clock.Advance(TimeSpan.FromDays(99.9));
        Assert.Null(_control.Reason);
        _clock.Advance(TimeSpan.FromDays(0.1));
        Assert.Equal(StopReason.Expired, _control.Reason);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MaxValue / 2)]
    public void Observe_TimeoutBeyondTheEndOfTime_NeverExpires(long timeout)
    {
        _deadline.Observe(timeout);
        _clock.Advance(TimeSpan.FromDays(365));
        Assert.Null(_control.Reason);
        Assert.Equal(DateTimeOffset.MaxValue.Year, _deadline.At!.Value.Year);
    }

    [Theory]
    [InlineData(0, long.MinValue)]
    [InlineData(long.MinValue, -1)]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(long.MinValue, long.MinValue)]
    public void Of_Nonsense_IsSomeTime(long runTime, long timeout) => Assert.InRange(JobDeadline.Of(runTime, timeout).Year, 1970, 9999);

    [Fact]
    public void Observe_AfterDisposal_ArmsNothing()
    {
        _deadline.Dispose();
        _deadline.Observe(60);
        Assert.Equal(0, _clock.ActiveTimers);
    }

    [Fact]
    public void Stop_AfterTheControlIsGone_IsNoError()
    {
        var control = new JobControl(CancellationToken.None);
        control.Dispose();
        control.Stop(StopReason.Expired);
        Assert.Equal(StopReason.Expired, control.Reason);
    }
}
