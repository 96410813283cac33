using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Node.Chain;
using Nosana.Node.Jobs;
using Nosana.Node.Market;
using Nosana.Node.Tests.Chain;
using Nosana.Programs;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.Market;

public sealed class JobWatcherTests : IDisposable
{
    private readonly ManualTimeProvider _clock = new();
    private readonly RpcClient _unused = new(new RpcClientOptions { Endpoints = [new Uri("http://127.0.0.1:9")], MaxAttempts = 1 }, NullLogger<RpcClient>.Instance);
    private readonly JobControl _control = new(CancellationToken.None);
    private readonly JobDeadline _deadline;
    private readonly JobWatcher _watcher;
    private readonly long _now;

    public JobWatcherTests()
    {
        _now = _clock.GetUtcNow().ToUnixTimeSeconds();
        var chain = new NosanaChain(_unused, ProgramAddresses.Mainnet);
        _deadline = new JobDeadline(
            _now, _control, new ChainClock(chain, _clock, NullLogger<ChainClock>.Instance), _clock, NullLogger<JobDeadline>.Instance);
        _watcher = new JobWatcher(chain, null, default, _deadline, _control, _clock, NullLogger<JobWatcher>.Instance);
    }

    public void Dispose()
    {
        _deadline.Dispose();
        _control.Dispose();
        _unused.Dispose();
    }

    [Fact]
    public async Task Observe_Running_TellsTheDeadline()
    {
        _watcher.Observe(Running(60), 1);
        Assert.Equal(_now + 60, _deadline.At!.Value.ToUnixTimeSeconds());
        _watcher.Observe(Running(120), 2);
        Assert.Equal(_now + 120, _deadline.At!.Value.ToUnixTimeSeconds());
        _clock.Advance(TimeSpan.FromSeconds(120));
        await Eventually.TrueAsync(() => _control.Reason == StopReason.Expired, "the end, though no node answers");
    }

    [Fact]
    public void Observe_AccountMissingTwiceWithinMilliseconds_TheJobGoesOn()
    {
        _watcher.Observe(Running(60), 1);
        _watcher.Observe(null, 2);
        _clock.Advance(TimeSpan.FromMilliseconds(3));
        _watcher.Observe(null, 3);
        Assert.Null(_control.Reason);
        _watcher.Observe(Running(60), 4);
        _clock.Advance(Absence.Apart);
        _watcher.Observe(null, 9);
        Assert.Null(_control.Reason);
    }

    [Fact]
    public void Observe_AccountMissingTwiceSecondsApart_StopsTheJob()
    {
        _watcher.Observe(Running(60), 1);
        _watcher.Observe(null, 2);
        _clock.Advance(Absence.Apart);
        _watcher.Observe(null, 2); // the same state once more
        Assert.Null(_control.Reason);
        _watcher.Observe(null, 7);
        Assert.Equal(StopReason.Stopped, _control.Reason);
    }

    [Fact]
    public void Observe_AnswerFromBeforeTheJobCame_CountsForNothing()
    {
        _watcher.Observe(Running(60), 10);
        _watcher.Observe(null, 8);
        _clock.Advance(Absence.Apart);
        _watcher.Observe(null, 9);
        Assert.Null(_control.Reason);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task LastLook_PosterExtendedAfterTheLastPoll_TheJobGoesOn()
    {
        await using ChainStub stub = await ChainStub.StartAsync();
        PublicKey job = stub.Put(Running(60));
        using var deadline = new JobDeadline(
            _now, _control, new ChainClock(stub.Chain, _clock, NullLogger<ChainClock>.Instance), _clock, NullLogger<JobDeadline>.Instance);
        var watcher = new JobWatcher(stub.Chain, null, job, deadline, _control, _clock, NullLogger<JobWatcher>.Instance);
        watcher.Observe(Running(60), 1);
        stub.Clock.Advance(TimeSpan.FromSeconds(60));
        stub.Put(job, Running(90));
        _clock.Advance(TimeSpan.FromSeconds(60));
        await Eventually.TrueAsync(() => deadline.At == DateTimeOffset.FromUnixTimeSeconds(_now + 90), "the extension");
        Assert.Null(_control.Reason);
        stub.Clock.Advance(TimeSpan.FromSeconds(30));
        await Eventually.TrueAsync(() =>
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            return _control.Reason == StopReason.Expired;
        }, "the end");
    }

    [Theory]
    [InlineData(JobState.Done)]
    [InlineData(JobState.Stopped)]
    public void Observe_EndedOnChain_StopsTheJob(JobState state)
    {
        _watcher.Observe(Running(60) with { State = state }, 1);
        Assert.Equal(StopReason.Stopped, _control.Reason);
    }

    [Fact]
    public void Observe_TheFirstReasonWins()
    {
        _watcher.Observe(Running(60), 1);
        _watcher.Observe(Running(60) with { State = JobState.Done }, 2);
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(StopReason.Stopped, _control.Reason);
    }

    private static JobAccount Running(long timeout) => new() { State = JobState.Queued, Timeout = timeout, Price = 1 };
}
