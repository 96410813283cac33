using System.Text.Json.Nodes;
using Nosana.Ipfs;
using Nosana.Node.Chain;
using Nosana.Node.Journal;
using Nosana.Node.Market;
using Nosana.Node.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.Market;

/// <summary>A slot that is told to take no more work, to take it elsewhere, or to end.</summary>
public sealed class DrainTests : IAsyncLifetime
{
    private MarketBench _bench = null!;

    private static CancellationToken Cancel => MarketBench.Cancel;

    public async ValueTask InitializeAsync() => _bench = await MarketBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_DrainedWhileItWaitsInTheQueue_LeavesAtOnceAndEnds()
    {
        Task work = _bench.Worker().RunAsync(Cancel);
        while (await _bench.Queue.FindAsync(Cancel) is null) await Task.Yield();
        _bench.Intake.Drain(); // the clock stands still: only this wakes it
        await work;
        Assert.True(_bench.Intake.IsDrained);
        Assert.Null(await _bench.Queue.FindAsync(Cancel));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_ARunCameBeforeTheQueueWasLeft_IsServedAndThenTheHostHasDrained()
    {
        (PublicKey job, ObservedRun _) = await _bench.ClaimAsync();
        _bench.Intake.Drain();
        MarketWorker worker = _bench.Worker();
        await Eventually.EndsAsync(worker.StepAsync(Cancel), _bench.Clock, TimeSpan.FromMilliseconds(10));
        Assert.Equal(JobState.Done, (await _bench.JobAsync(job)).State);
        Assert.False(_bench.Intake.IsDrained);
        await worker.StepAsync(Cancel);
        Assert.True(_bench.Intake.IsDrained);
        Assert.Null(await _bench.Queue.FindAsync(Cancel));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_KilledWhileItDrains_GoesOnDrainingAfterTheStart()
    {
        (PublicKey job, ObservedRun _) = await _bench.ClaimAsync();
        _bench.Intake.Drain();
        _bench.Restart();
        Assert.True(_bench.Intake.IsDraining);
        MarketWorker worker = _bench.Worker();
        await Eventually.EndsAsync(worker.StepAsync(Cancel), _bench.Clock, TimeSpan.FromMilliseconds(10));
        await worker.StepAsync(Cancel);
        Assert.True(_bench.Intake.IsDrained);
        Assert.Equal(JobState.Done, (await _bench.JobAsync(job)).State);
        _bench.Intake.Forget(); // it ends by itself
        _bench.Restart();
        Assert.False(_bench.Intake.IsDraining);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_DrainsAndTheMarketIsGone_HasDrained()
    {
        _bench.CloseAccount(_bench.Slot.Market);
        _bench.Intake.Drain();
        await _bench.Worker().StepAsync(Cancel);
        Assert.True(_bench.Intake.IsDrained);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_JobIsStoppedBeforeAnythingRan_IsGivenBack()
    {
        (PublicKey job, ObservedRun _) = await _bench.ClaimAsync();
        _bench.Intake.StopJobs();
        await Eventually.EndsAsync(_bench.Worker().StepAsync(Cancel), _bench.Clock, TimeSpan.FromMilliseconds(10));
        Assert.Equal(JobState.Stopped, (await _bench.JobAsync(job)).State);
        Assert.Empty(_bench.Bench.Engine.Made);
        Assert.Null(_bench.Refusals.Current);
        Assert.Empty(_bench.Deadlines.Read());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_JobIsStoppedWhileItRuns_IsFinishedAsHostShutDown()
    {
        _bench.Bench.Engine.Programs["a"] = FakeProgram.Service();
        (PublicKey job, ObservedRun _) = await _bench.ClaimAsync();
        Task step = _bench.Worker().StepAsync(Cancel);
        await _bench.Bench.Engine.RunningAsync("a");
        Assert.Equal(job.Key, Assert.Single(_bench.Deadlines.Read()).Job);
        _bench.Intake.StopJobs();
        await Eventually.EndsAsync(step, _bench.Clock, TimeSpan.FromMilliseconds(10));
        JobAccount done = await _bench.JobAsync(job);
        JsonNode result = JsonNode.Parse(_bench.Server.Content.Find(Cid.FromDigest(done.IpfsResult))!.Content.Span)!;
        Assert.Equal((JobState.Done, "failed"), (done.State, (string?)result["status"]));
        Assert.True((bool?)result["opStates"]![0]!["diagnostics"]!["reason"]!["hostShutDown"]);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task LeaveAsync_ARunArrivedThatNobodyHasSeen_IsGivenBack()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        await _bench.Worker().LeaveAsync(Cancel);
        Assert.Equal(JobState.Stopped, (await _bench.JobAsync(job)).State);
        Assert.Equal(RunPhase.Closed, _bench.Journal.FindRun(run.Address)!.Phase);
        Assert.Equal(0, _bench.Refusals.RefusalsSoFar);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task LeaveAsync_ARunThatWasTaken_IsLeftToTheNextStart()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        _bench.Journal.Save(new RunRecord { Run = run.Address, Job = job, Market = _bench.Slot.Market, Phase = RunPhase.Claimed });
        await _bench.Worker().LeaveAsync(Cancel);
        Assert.Single(await _bench.Chain.RunsOfNodeAsync(_bench.Wallet.Address, Cancel));
        Assert.Equal(RunPhase.Claimed, _bench.Journal.FindRun(run.Address)!.Phase);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_OtherMarketWhileItWaits_LeavesTheOldQueueAndJoinsTheOther()
    {
        using var address = new Account();
        PublicKey old = _bench.Slot.Market;
        _bench.Server.Bank.SetAccount(address.PublicKey, _bench.Server.Bank.GetAccount(old)!);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task work = _bench.Worker().RunAsync(stop.Token);
        while (await _bench.Queue.FindAsync(Cancel) is null) await Task.Yield();
        _bench.Intake.ChangeMarket(new MarketMembership(address.PublicKey, null));
        while ((await _bench.Chain.FindMarketAsync(address.PublicKey, Cancel))!.IndexInQueue(_bench.Wallet.Address) < 0) await Task.Yield();
        Assert.Empty((await _bench.Chain.FindMarketAsync(old, Cancel))!.Queue);
        Assert.Equal((address.PublicKey, null), (_bench.Slot.Market, _bench.Intake.NextMarket));
        await stop.CancelAsync();
        await work;
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Kill_AJobRuns_ItsDeadlineStaysAndMovesWithItsExtension()
    {
        _bench.Bench.Engine.Programs["a"] = FakeProgram.Service();
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync(timeout: 100);
        using (var kill = CancellationTokenSource.CreateLinkedTokenSource(Cancel))
        {
            Task step = _bench.Worker().StepAsync(kill.Token);
            await _bench.Bench.Engine.RunningAsync("a");
            await kill.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => step);
        }
        Assert.Equal((job.Key, DateTimeOffset.FromUnixTimeSeconds(run.Run.Time + 100)), Assert.Single(_bench.Deadlines.Read()));
        await _bench.Poster.ExtendAsync(job, 50, Cancel);
        _bench.Restart();
        Task again = _bench.Worker().StepAsync(Cancel);
        await Eventually.TrueAsync(() => _bench.Deadlines.Read().Single().At == DateTimeOffset.FromUnixTimeSeconds(run.Run.Time + 150), "the new deadline");
        _bench.Bench.Engine.ContainerOf("a")!.Exit(0);
        await Eventually.EndsAsync(again, _bench.Clock, TimeSpan.FromMilliseconds(10));
        Assert.Equal(JobState.Done, (await _bench.JobAsync(job)).State);
    }
}
