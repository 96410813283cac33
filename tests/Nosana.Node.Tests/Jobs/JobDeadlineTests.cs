using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Node.Chain;
using Nosana.Node.Jobs;
using Nosana.Programs;
using Nosana.Solana.Rpc;
using Nosana.Testing;

namespace Nosana.Node.Tests.Jobs;

public sealed class JobDeadlineTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly JobControl _control = new(CancellationToken.None);
    private readonly RpcClient _unused = new(new RpcClientOptions { Endpoints = [new Uri("http://127.0.0.1:9")] }, NullLogger<RpcClient>.Instance);
    private readonly ChainClock _chainClock;
    private readonly JobDeadline _deadline;
    private readonly long _now;

    public JobDeadlineTests()
    {
        _now = _clock.GetUtcNow().ToUnixTimeSeconds();
        _chainClock = new ChainClock(new NosanaChain(_unused, ProgramAddresses.Mainnet), _clock, NullLogger<ChainClock>.Instance);
        _deadline = new JobDeadline(_now, _control, _chainClock, _clock, NullLogger<JobDeadline>.Instance);
    }

    public void Dispose()
    {
        _deadline.Dispose();
        _control.Dispose();
        _unused.Dispose();
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
    public void Observe_ClockOfTheMachineIsSet_TheJobKeepsItsTime()
    {
        _deadline.Observe(60);
        _clock.Step(TimeSpan.FromHours(1));
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Null(_control.Reason);
        _clock.Step(TimeSpan.FromHours(-2));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(StopReason.Expired, _control.Reason);
    }

    [Fact]
    public void Observe_ClockOfTheMachineIsAheadOfTheChain_TheJobEndsByTheChain()
    {
        _chainClock.Observe(DateTimeOffset.FromUnixTimeSeconds(_now - 100));
        _deadline.Observe(60);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(_now + 160), _deadline.AtHere);
        _clock.Advance(TimeSpan.FromSeconds(159));
        Assert.Null(_control.Reason);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(StopReason.Expired, _control.Reason);
    }

    [Fact]
    public void Observe_MachineWasSuspended_TheJobEndsSecondsAfterItWakes()
    {
        _deadline.Observe(600);
        _clock.Step(TimeSpan.FromMinutes(20)); // the monotonic clock stood still
        _chainClock.Observe(_clock.GetUtcNow());
        _clock.Advance(JobDeadline.LookInterval);
        Assert.Equal(StopReason.Expired, _control.Reason);
    }

    [Fact]
    public async Task IsOverAsync_ClockIsAheadOfTheTimeoutAndNotMeasuredYet_TheJobIsNotFinishedUnstarted()
    {
        _clock.Step(TimeSpan.FromHours(2));
        var started = new ChainClock(new NosanaChain(_unused, ProgramAddresses.Mainnet), _clock, NullLogger<ChainClock>.Instance);
        using var deadline = new JobDeadline(_now, _control, started, _clock, NullLogger<JobDeadline>.Instance);
        deadline.LastLook = _ =>
        {
            started.Observe(DateTimeOffset.FromUnixTimeSeconds(_now + 1));
            return Task.FromResult<DateTimeOffset?>(DateTimeOffset.FromUnixTimeSeconds(_now + 1));
        };
        deadline.Observe(60);
        Assert.False(await deadline.IsOverAsync(TestContext.Current.CancellationToken));
        _clock.Advance(TimeSpan.FromSeconds(58));
        Assert.Null(_control.Reason);
    }

    [Fact]
    public async Task OnTimer_PosterExtendedSecondsBeforeTheEnd_TheJobGoesOn()
    {
        _deadline.LastLook = _ =>
        {
            _deadline.Observe(120);
            return Task.FromResult<DateTimeOffset?>(_clock.GetUtcNow());
        };
        _deadline.Observe(60);
        _clock.Advance(TimeSpan.FromSeconds(60));
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Null(_control.Reason);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually.TrueAsync(() => _control.Reason == StopReason.Expired, "the end");
    }

    [Fact]
    public async Task OnTimer_NodeLagsBehindTheEnd_IsAskedUntilItHasSeenIt()
    {
        int looks = 0;
        _deadline.LastLook = _ =>
        {
            looks++;
            if (looks == 3) _deadline.Observe(120); // the extension, which the node sees only now
            return Task.FromResult<DateTimeOffset?>(DateTimeOffset.FromUnixTimeSeconds(_now + 57 + looks));
        };
        _deadline.Observe(60);
        _clock.Advance(TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(() =>
        {
            _clock.Advance(TimeSpan.FromMilliseconds(100));
            return looks == 3;
        }, "the third look");
        Assert.Null(_control.Reason);
    }

    [Fact]
    public async Task OnTimer_ChainIsSilentAtTheEnd_TheJobEndsWithinSeconds()
    {
        _deadline.LastLook = async cancel =>
        {
            await Task.Delay(Timeout.Infinite, cancel);
            return null;
        };
        _deadline.Observe(60);
        _clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Null(_control.Reason);
        _clock.Advance(JobDeadline.LastLookLimit);
        await Eventually.TrueAsync(() => _control.Reason == StopReason.Expired, "the end");
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MaxValue / 2)]
    public void Observe_TimeoutBeyondTheEndOfTime_NeverExpires(long timeout)
    {
        _deadline.Observe(timeout);
        _clock.Advance(TimeSpan.FromDays(1));
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
