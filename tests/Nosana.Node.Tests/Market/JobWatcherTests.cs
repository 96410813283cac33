using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Node.Chain;
using Nosana.Node.Jobs;
using Nosana.Node.Market;
using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc;
using Nosana.Testing;

namespace Nosana.Node.Tests.Market;

public sealed class JobWatcherTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly RpcClient _unused = new(new RpcClientOptions { Endpoints = [new Uri("http://127.0.0.1:9")] }, NullLogger<RpcClient>.Instance);
    private readonly JobControl _control = new(CancellationToken.None);
    private readonly JobWatcher _watcher;
    private readonly long _now;

    public JobWatcherTests()
    {
        _now = _clock.GetUtcNow().ToUnixTimeSeconds();
        _watcher = new JobWatcher(new NosanaChain(_unused, ProgramAddresses.Mainnet), null, default, _now, _control, _clock, NullLogger<JobWatcher>.Instance);
    }

    public void Dispose()
    {
        _watcher.Dispose();
        _control.Dispose();
        _unused.Dispose();
    }

    [Fact]
    public void Observe_TimeIsUp_ExpiresAtTheInstant()
    {
        _watcher.Observe(Running(60));
        _clock.Advance(TimeSpan.FromSeconds(59.999));
        Assert.Null(_control.Reason);
        _clock.Advance(TimeSpan.FromSeconds(0.001));
        Assert.Equal(StopReason.Expired, _control.Reason);
    }

    [Fact]
    public void Observe_Extended_MovesTheDeadline()
    {
        _watcher.Observe(Running(60));
        _clock.Advance(TimeSpan.FromSeconds(30));
        _watcher.Observe(Running(120));
        _clock.Advance(TimeSpan.FromSeconds(89));
        Assert.Null(_control.Reason);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(StopReason.Expired, _control.Reason);
    }

    [Fact]
    public void Observe_AnswerFromBeforeTheExtension_DoesNotShortenTheJob()
    {
        _watcher.Observe(Running(120));
        _watcher.Observe(Running(60));
        _clock.Advance(TimeSpan.FromSeconds(119));
        Assert.Null(_control.Reason);
        Assert.Equal(_now + 120, _watcher.Deadline!.Value.ToUnixTimeSeconds());
    }

    [Fact]
    public void Observe_DeadlineInThePast_ExpiresAtOnce()
    {
        _watcher.Observe(Running(-5));
        _clock.Advance(TimeSpan.Zero);
        Assert.Equal(StopReason.Expired, _control.Reason);
    }

    [Fact]
    public void Observe_DeadlineFurtherThanATimerReaches_IsReachedAllTheSame()
    {
        _watcher.Observe(Running((long)TimeSpan.FromDays(100).TotalSeconds));
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
        _watcher.Observe(Running(timeout));
        _clock.Advance(TimeSpan.FromDays(365));
        Assert.Null(_control.Reason);
        Assert.Equal(DateTimeOffset.MaxValue.Year, _watcher.Deadline!.Value.Year);
    }

    [Theory]
    [InlineData(0, long.MinValue)]
    [InlineData(long.MinValue, -1)]
    [InlineData(long.MaxValue, long.MaxValue)]
    [InlineData(long.MinValue, long.MinValue)]
    public void DeadlineOf_Nonsense_IsSomeTime(long runTime, long timeout) => Assert.InRange(JobWatcher.DeadlineOf(runTime, timeout).Year, 1970, 9999);

    [Fact]
    public void Observe_AccountMissingTwiceInARow_StopsTheJob()
    {
        _watcher.Observe(Running(60));
        _watcher.Observe(null);
        _watcher.Observe(Running(60));
        _watcher.Observe(null);
        Assert.Null(_control.Reason);
        _watcher.Observe(null);
        Assert.Equal(StopReason.Stopped, _control.Reason);
    }

    [Theory]
    [InlineData(JobState.Done)]
    [InlineData(JobState.Stopped)]
    public void Observe_EndedOnChain_StopsTheJob(JobState state)
    {
        _watcher.Observe(Running(60) with { State = state });
        Assert.Equal(StopReason.Stopped, _control.Reason);
    }

    [Fact]
    public void Observe_TheFirstReasonWins()
    {
        _watcher.Observe(Running(60));
        _watcher.Observe(Running(60) with { State = JobState.Done });
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(StopReason.Stopped, _control.Reason);
    }

    [Fact]
    public void Observe_AfterDisposal_ArmsNothing()
    {
        _watcher.Dispose();
        _watcher.Observe(Running(60));
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

    private static JobAccount Running(long timeout) => new() { State = JobState.Queued, Timeout = timeout, Price = 1 };
}
