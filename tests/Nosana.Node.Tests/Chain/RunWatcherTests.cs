using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Node.Chain;
using Nosana.Node.Tests.Support;
using Nosana.Solana.Rpc.Streaming;
using Nosana.Testing;

namespace Nosana.Node.Tests.Chain;

public sealed class RunWatcherTests : IAsyncLifetime
{
    private MarketBench _bench = null!;

    private static CancellationToken Cancel => MarketBench.Cancel;

    public async ValueTask InitializeAsync() => _bench = await MarketBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task PollOnceAsync_SameRunAgain_IsToldOnce()
    {
        RunWatcher watcher = _bench.Watcher();
        (_, ObservedRun run) = await _bench.ClaimAsync();
        await watcher.PollOnceAsync(Cancel);
        await watcher.PollOnceAsync(Cancel);
        Assert.True(watcher.Seen.TryRead(out ObservedRun? told));
        Assert.Equal((run.Address, run.Slot), (told.Address, told.Slot));
        Assert.False(watcher.Seen.TryRead(out _));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task PollOnceAsync_NobodyWaits_TheNewestRunIsLeftToWakeUpBy()
    {
        RunWatcher watcher = _bench.Watcher();
        (_, ObservedRun first) = await _bench.ClaimAsync();
        await watcher.PollOnceAsync(Cancel);
        await _bench.Settlement.QuitAsync(first.Address, first.Run.Job, Cancel);
        _bench.Clock.Advance(TimeSpan.FromSeconds(1)); // and with it the chain's slot
        (_, ObservedRun second) = await _bench.ClaimAsync();
        await watcher.PollOnceAsync(Cancel);
        ObservedRun told = await watcher.Seen.ReadAsync(Cancel);
        Assert.Equal(second.Address, told.Address);
        Assert.InRange(told.Slot, first.Slot + 1, ulong.MaxValue);
        Assert.False(watcher.Seen.TryRead(out _));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task WatchAsync_PollAlone_FindsTheRun()
    {
        RunWatcher watcher = _bench.Watcher();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task watching = watcher.WatchAsync(stop.Token);
        (_, ObservedRun run) = await _bench.ClaimAsync();
        Task<bool> found = watcher.Seen.WaitToReadAsync(Cancel).AsTask();
        await Eventually.EndsAsync(found, _bench.Clock, RunWatcher.PollInterval);
        Assert.True(watcher.Seen.TryRead(out ObservedRun? told));
        Assert.Equal(run.Address, told.Address);
        await stop.CancelAsync();
        await watching;
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task WatchAsync_ChainIsDownForAWhile_GoesOnWatching()
    {
        _bench.Server.Faults.ProgramAccountsDisabled = true;
        RunWatcher watcher = _bench.Watcher();
        int timers = _bench.Clock.ActiveTimers;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task watching = watcher.WatchAsync(stop.Token);
        await Eventually.TrueAsync(() => _bench.Clock.ActiveTimers > timers, "the first refusal");
        _bench.Server.Faults.ProgramAccountsDisabled = false;
        await _bench.ClaimAsync();
        Task<bool> found = watcher.Seen.WaitToReadAsync(Cancel).AsTask();
        await Eventually.EndsAsync(found, _bench.Clock, RunWatcher.PollInterval);
        Assert.False(watching.IsCompleted);
        await stop.CancelAsync();
        await watching;
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task WatchAsync_StreamAlone_FindsTheRunWithoutTheClockMoving()
    {
        _bench.Server.Faults.DuplicateNotifications = true;
        await using var stream = new StreamingRpcClient(new StreamingRpcClientOptions { Endpoint = _bench.Server.WsUri }, NullLogger<StreamingRpcClient>.Instance);
        RunWatcher watcher = _bench.Watcher(stream);
        int timers = _bench.Clock.ActiveTimers;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task watching = watcher.WatchAsync(stop.Token);
        await Eventually.TrueAsync(() => stream.IsConnected && _bench.Clock.ActiveTimers > timers, "subscription and first poll");
        (_, ObservedRun run) = await _bench.ClaimAsync();
        ObservedRun told = await watcher.Seen.ReadAsync(Cancel);
        Assert.Equal(run.Address, told.Address);
        await stop.CancelAsync();
        await watching;
        Assert.False(watcher.Seen.TryRead(out _));
    }
}
