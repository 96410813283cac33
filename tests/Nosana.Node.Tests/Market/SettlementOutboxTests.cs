using System.Text.Json.Nodes;
using Nosana.Ipfs;
using Nosana.LocalNet.Runtime;
using Nosana.Node.Chain;
using Nosana.Node.Journal;
using Nosana.Node.Market;
using Nosana.Node.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.Market;

/// <summary>What is owed of runs that have ended, whatever keeps it from being settled.</summary>
public sealed class SettlementOutboxTests : IAsyncLifetime
{
    private MarketBench _bench = null!;

    private static CancellationToken Cancel => MarketBench.Cancel;

    public async ValueTask InitializeAsync() => _bench = await MarketBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Settle_MarketIsClosed_IsParkedAndSettledWhenTheChainTakesIt()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        AccountState market = _bench.Server.Bank.GetAccount(_bench.Slot.Market)!;
        _bench.CloseAccount(_bench.Slot.Market);
        await StepAsync();
        Assert.True(_bench.Settling.IsParked(run.Address));
        Assert.Equal(RunPhase.Published, _bench.Journal.FindRun(run.Address)!.Phase);
        Assert.Equal((1, 0), _bench.Settling.Owed);

        _bench.Server.Bank.SetAccount(_bench.Slot.Market, market);
        await _bench.Settling.WorkAsync(Cancel); // not due yet
        Assert.True(_bench.Settling.IsParked(run.Address));
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        await _bench.Settling.WorkAsync(Cancel);
        Assert.False(_bench.Settling.IsParked(run.Address));
        Assert.Equal(JobState.Done, (await _bench.JobAsync(job)).State);
        Assert.Equal(RunPhase.Closed, _bench.Journal.FindRun(run.Address)!.Phase);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Step_RunIsParked_TheSlotTakesTheNextJob()
    {
        (PublicKey parked, ObservedRun run) = await _bench.ClaimAsync();
        AccountState market = _bench.Server.Bank.GetAccount(_bench.Slot.Market)!;
        _bench.CloseAccount(_bench.Slot.Market);
        await StepAsync();
        _bench.Server.Bank.SetAccount(_bench.Slot.Market, market);

        PublicKey next = await _bench.ListAsync();
        await StepAsync(); // work takes it
        await StepAsync();
        Assert.Equal(JobState.Done, (await _bench.JobAsync(next)).State);
        Assert.True(_bench.Settling.IsParked(run.Address));
        Assert.Equal(JobState.Queued, (await _bench.JobAsync(parked)).State);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Work_AgentWasKilledBeforeTheEnd_SettlesWithoutTheEngine()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        var record = new RunRecord { Run = run.Address, Job = job, Market = _bench.Slot.Market, Phase = RunPhase.Ran, Reason = "completed" };
        _bench.Journal.Finish(record, """{"status":"success","opStates":[]}"""u8.ToArray());
        _bench.Restart();
        _bench.Bench.Engine.Down = true;
        await _bench.Settling.WorkAsync(Cancel);
        JobAccount done = await _bench.JobAsync(job);
        Assert.Equal(JobState.Done, done.State);
        Assert.NotNull(_bench.Server.Content.Find(Cid.FromDigest(done.IpfsResult)));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Step_RecordCannotBeRead_IsEndedAfterThreeFaultsAndOthersGoOn()
    {
        (PublicKey bad, ObservedRun run) = await _bench.ClaimAsync();
        _bench.Journal.Admit(
            new RunRecord { Run = run.Address, Job = bad, Market = _bench.Slot.Market, Phase = RunPhase.Running },
            System.Text.Encoding.UTF8.GetBytes($$"""{"version":"0.1","type":"container","ops":[{{JobBench.Op("a")}}]}"""));
        _bench.Journal.SaveFlow(run.Address, [new FlowPart("flow", [0xFF, 0x00, 0x13])]);
        MarketWorker worker = _bench.Worker();
        await StepAsync(worker);
        Assert.Equal(JobState.Queued, (await _bench.JobAsync(bad)).State);
        await StepAsync(worker); // the slot goes on: it queues
        Assert.NotNull(await _bench.Queue.FindAsync(Cancel));
        for (int i = 0; i < 2; i++)
        {
            _bench.Clock.Advance(MarketWorker.IgnoredInterval);
            await StepAsync(worker);
        }
        JobAccount done = await _bench.JobAsync(bad);
        Assert.Equal(JobState.Done, done.State);
        JsonNode result = JsonNode.Parse(_bench.Server.Content.Find(Cid.FromDigest(done.IpfsResult))!.Content.Span)!;
        Assert.Equal("failed", (string?)result["status"]);
        Assert.Contains("This host failed to go on with the job", result["errors"]!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Step_RunIsFoundPastItsTimeout_IsGivenBack()
    {
        ulong before = await _bench.NosAsync(_bench.Server.Keys.Poster.PublicKey);
        (PublicKey job, _) = await _bench.ClaimAsync(timeout: 60);
        _bench.Clock.Advance(TimeSpan.FromSeconds(61));
        await StepAsync();
        Assert.Equal(JobState.Stopped, (await _bench.JobAsync(job)).State);
        await _bench.Poster.RecoverAsync(job, Cancel);
        Assert.Equal(before, await _bench.NosAsync(_bench.Server.Keys.Poster.PublicKey));
        Assert.Empty(_bench.Bench.Engine.Made);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Step_JobAccountIsMissingForSomeSeconds_IsServedWhenItIsThere()
    {
        (PublicKey job, _) = await _bench.ClaimAsync();
        AccountState account = _bench.Server.Bank.GetAccount(job)!;
        _bench.CloseAccount(job);
        MarketWorker worker = _bench.Worker();
        await StepAsync(worker);
        _bench.Server.Bank.SetAccount(job, account);
        _bench.Clock.Advance(MarketWorker.IgnoredInterval);
        await StepAsync(worker);
        Assert.Equal(JobState.Done, (await _bench.JobAsync(job)).State);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Reconcile_OrphanOfAnotherMarket_IsEndedAndItsResultDelivered()
    {
        _bench.Bench.Engine.Programs["a"] = FakeProgram.Service();
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        using (var kill = CancellationTokenSource.CreateLinkedTokenSource(Cancel))
        {
            Task step = _bench.Worker().StepAsync(kill.Token);
            await _bench.Bench.Engine.RunningAsync("a");
            await kill.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => step);
        }
        await _bench.Poster.EndAsync(job, Cancel);
        _bench.Restart();
        _bench.Move(); // the operator has chosen another market in the meantime
        Task<IReadOnlyList<ObservedRun>> looking = _bench.Reconciler.ReconcileAsync(Cancel);
        await Eventually.EndsAsync(looking, _bench.Clock, Reconciler.BetweenLooks);
        Assert.Empty(await looking);
        Assert.Empty(_bench.Bench.Engine.Present);
        await _bench.Settling.WorkAsync(Cancel);
        Assert.True((await _bench.JobAsync(job)).HasResult);
    }

    private Task StepAsync() => StepAsync(_bench.Worker());

    /// <summary>One step with the clock moving on for what waits in it.</summary>
    private async Task StepAsync(MarketWorker worker)
    {
        Task step = worker.StepAsync(Cancel);
        await Eventually.EndsAsync(step, _bench.Clock, TimeSpan.FromMilliseconds(100));
        await step;
    }
}
