using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Ipfs;
using Nosana.Node.Chain;
using Nosana.Node.Journal;
using Nosana.Node.Market;
using Nosana.Node.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Solana.Rpc.Streaming;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.Market;

/// <summary>A host with two RPC nodes, of which the first shows the chain as it was some slots ago. One slot takes 0.4 s, and only when a test lets it.</summary>
public sealed class LaggingNodeTests : IAsyncLifetime
{
    private MarketBench _bench = null!;

    private static CancellationToken Cancel => MarketBench.Cancel;

    public async ValueTask InitializeAsync()
    {
        _bench = await MarketBench.StartAsync(twoNodes: true);
        _bench.Clock.Advance(TimeSpan.FromMinutes(2)); // a past for the first node to be in
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task StepAsync_WebSocketTellsOfTheRunWhileHttpIsBehind_IsServedAtOnce(bool ignoresMinimum)
    {
        await using var stream = new StreamingRpcClient(
            new StreamingRpcClientOptions { Endpoint = _bench.Server.WsUri }, NullLogger<StreamingRpcClient>.Instance);
        RunWatcher watcher = _bench.Watcher(stream);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task watching = watcher.WatchAsync(stop.Token);
        MarketWorker worker = _bench.Worker(watcher);
        await worker.StepAsync(Cancel);
        Lag(100);
        _bench.Server.Faults.Node.IgnoresMinContextSlot = ignoresMinimum;
        await Eventually.TrueAsync(() => stream.IsConnected, "the subscription");
        Task waiting = worker.StepAsync(Cancel);
        await Eventually.TrueAsync(() => _bench.Status.Now.Text.StartsWith("Queued", StringComparison.Ordinal), "the wait for a run");
        PublicKey job = await _bench.ListAsync();
        await waiting;
        await worker.StepAsync(Cancel); // the notified run, whatever HTTP lists
        JobAccount done = await _bench.JobAsync(job);
        Assert.Equal((JobState.Done, 0L), (done.State, done.TimeEnd - done.TimeStart));
        await stop.CancelAsync();
        await watching;
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_ListOfRunsIsStaleBesideAFreshMarket_DoesNotQueueBesideTheOwnRun()
    {
        MarketWorker worker = _bench.Worker();
        await worker.StepAsync(Cancel);
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        PublicKey job = await _bench.ListAsync(); // takes the place, and gives the run
        Lag(10);
        // Markets are read at the second node, which is on time; lists come from the first.
        _bench.Server.Faults.Node.Refuse("getAccountInfo", -32601, "Method not found");
        await worker.StepAsync(Cancel);
        Assert.Equal(0, await QueueLengthAsync());
        await ServeAsync(worker);
        Assert.Equal(JobState.Done, (await _bench.JobAsync(job)).State);
        Assert.Equal(0, await QueueLengthAsync());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_PlaceIsGoneAndNoRunIsListed_QueuesOnlyWhenBothAreSoSecondsLater()
    {
        MarketWorker worker = _bench.Worker();
        await worker.StepAsync(Cancel);
        Task queued = worker.StepAsync(Cancel); // sees the place
        await Eventually.EndsAsync(queued, _bench.Clock, MarketWorker.PlaceInterval);
        await _bench.Queue.LeaveAsync(Cancel); // as the market's administrator may
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        Task step = worker.StepAsync(Cancel);
        await Eventually.EndsAsync(step, _bench.Clock, TimeSpan.FromMilliseconds(100));
        await step;
        Assert.Equal(0, await QueueLengthAsync());
        await worker.StepAsync(Cancel);
        Assert.Equal(1, await QueueLengthAsync());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_BothNodesLag_TheRunIsWaitedForAndServed()
    {
        (PublicKey job, ObservedRun _) = await _bench.ClaimAsync();
        Lag(5);
        _bench.Server.Faults.Replica.LagSlots = 5;
        MarketWorker worker = _bench.Worker();
        Task step = worker.StepAsync(Cancel);
        await Eventually.EndsAsync(step, _bench.Clock, TimeSpan.FromMilliseconds(20));
        await step;
        _bench.Server.Faults.Replica.LagSlots = 0;
        Assert.Equal(JobState.Done, (await _bench.JobAsync(job)).State);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ServeAsync_JobAccountIsMissingForSeconds_TheRunIsServedWhenItComes()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        var account = _bench.Server.Bank.GetAccount(job)!;
        _bench.CloseAccount(job);
        RunSession session = _bench.Session;
        Task<RunOutcome> first = session.ServeAsync(run, _bench.Slot, Cancel);
        await Eventually.EndsAsync(first, _bench.Clock, TimeSpan.FromMilliseconds(100));
        Assert.Equal(RunOutcomeKind.Ignored, (await first).Kind);
        _bench.Server.Bank.SetAccount(job, account);
        Task<RunOutcome> second = session.ServeAsync(run, _bench.Slot, Cancel);
        await Eventually.EndsAsync(second, _bench.Clock, TimeSpan.FromMilliseconds(10));
        Assert.Equal(RunOutcomeKind.Served, (await second).Kind);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task FinishAsync_NodeDoesNotShowTheRunYet_IsNotTakenForSettled()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        Lag(50);
        Cid result = Cid.FromDigest([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);
        await _bench.Settlement.FinishAsync(run.Address, job, result, Cancel);
        Assert.Equal(JobState.Done, (await _bench.JobAsync(job)).State);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task LeaveAsync_EndOfAnEarlierStopWasNeverSeen_TodaysIsSentAllTheSame()
    {
        MarketQueue queue = _bench.Queue;
        await queue.JoinAsync(Cancel);
        await queue.LeaveAsync(Cancel);
        // The agent was killed before it saw the end, under the name that agents before this one gave it.
        SentTransaction stop = Assert.Single(Sent("stop:"));
        _bench.Journal.SaveTransaction(stop with { State = "sent" });
        _bench.Restart();
        _bench.Clock.Advance(TimeSpan.FromMinutes(10));
        queue = _bench.Queue;
        await queue.JoinAsync(Cancel);
        Assert.NotNull(await queue.FindAsync(Cancel));
        await queue.LeaveAsync(Cancel);
        Assert.Equal(0, await QueueLengthAsync());
        Assert.Empty(_bench.Journal.UnsettledTransactionsOfKeys($"stop:{_bench.Slot.Market}"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task CatchUpAsync_AgentHasJustStarted_TheFirstNodesOldStateIsNotRead()
    {
        (_, ObservedRun run) = await _bench.ClaimAsync();
        Lag(50);
        var restarted = new NosanaChain(_bench.Rpc, _bench.Chain.Programs);
        Assert.Empty(await restarted.RunsOfNodeAsync(_bench.Wallet.Address, Cancel));
        await restarted.CatchUpAsync(Cancel);
        Assert.Equal(run.Address, Assert.Single(await restarted.RunsOfNodeAsync(_bench.Wallet.Address, Cancel)).Address);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task JoinAsync_EndOfAnEarlierWorkWasNotSeen_NoSecondRunIsTaken()
    {
        PublicKey first = await _bench.ListAsync();
        await _bench.ListAsync();
        await _bench.Queue.JoinAsync(Cancel);
        SentTransaction work = Assert.Single(Sent("work:"));
        _bench.Journal.SaveTransaction(work with { State = "sent" });
        _bench.Restart();
        await _bench.Queue.JoinAsync(Cancel);
        Assert.Equal(first, Assert.Single(await _bench.Chain.RunsOfNodeAsync(_bench.Wallet.Address, Cancel)).Run.Job);
    }

    /// <summary>What was sent for the membership that has begun just now.</summary>
    private IReadOnlyList<SentTransaction> Sent(string word) =>
        _bench.Journal.Transactions($"{word}{_bench.Slot.Market}#{_bench.Clock.GetUtcNow().ToUnixTimeMilliseconds()}");

    private void Lag(int slots)
    {
        _bench.Server.Faults.Node.LagSlots = slots;
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));
    }

    private async Task<int> QueueLengthAsync() => (await _bench.Chain.FindMarketAsync(_bench.Slot.Market, Cancel))!.Queue.Count;

    private async Task ServeAsync(MarketWorker worker)
    {
        Task step = worker.StepAsync(Cancel);
        await Eventually.EndsAsync(step, _bench.Clock, TimeSpan.FromMilliseconds(10));
        await step;
    }
}
