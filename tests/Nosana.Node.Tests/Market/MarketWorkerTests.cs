using System.Text.Json.Nodes;
using Nosana.Ipfs;
using Nosana.Node.Chain;
using Nosana.Node.Engine;
using Nosana.Node.Journal;
using Nosana.Node.Market;
using Nosana.Node.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.Market;

/// <summary>One slot at work, a step at a time, against the real programs' behaviour.</summary>
public sealed class MarketWorkerTests : IAsyncLifetime
{
    private MarketBench _bench = null!;

    private static CancellationToken Cancel => MarketBench.Cancel;

    public async ValueTask InitializeAsync() => _bench = await MarketBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_NothingToDo_JoinsTheQueueOnce()
    {
        MarketWorker worker = _bench.Worker();
        await worker.StepAsync(Cancel);
        Assert.Equal((0, 1), await _bench.Queue.FindAsync(Cancel));
        Task waiting = worker.StepAsync(Cancel);
        await Eventually.EndsAsync(waiting, _bench.Clock, MarketWorker.PlaceInterval);
        await waiting;
        Assert.Equal((0, 1), await _bench.Queue.FindAsync(Cancel));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_JobListedWhileQueued_IsServedAndPaid()
    {
        RunWatcher watcher = _bench.Watcher();
        MarketWorker worker = _bench.Worker(watcher);
        await worker.StepAsync(Cancel);
        int timers = _bench.Clock.ActiveTimers;
        Task waiting = worker.StepAsync(Cancel);
        // A step that found the job at its first look would serve it, and the last step of this test wait for a clock that stands still.
        await Eventually.TrueAsync(() => _bench.Clock.ActiveTimers > timers, "the wait for a run");
        PublicKey job = await _bench.ListAsync();
        await watcher.PollOnceAsync(Cancel);
        await waiting;
        await ServeAsync(worker);
        JobAccount done = await _bench.JobAsync(job);
        Assert.Equal(JobState.Done, done.State);
        Assert.Equal("success", (string?)Result(done)["status"]);
        Assert.Equal(RunPhase.Closed, _bench.Journal.FindRunOfJob(job)!.Phase);
        await worker.StepAsync(Cancel);
        Assert.NotNull(await _bench.Queue.FindAsync(Cancel));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_IdleWork_IsDoneInTheQueueAndEndsWhenAJobComes()
    {
        var working = new TaskCompletionSource<CancellationToken>();
        RunWatcher watcher = _bench.Watcher();
        MarketWorker worker = _bench.Worker(watcher, (idle, _) =>
        {
            working.TrySetResult(idle);
            return Task.Delay(Timeout.Infinite, idle);
        });
        await worker.StepAsync(Cancel);
        Assert.False(working.Task.IsCompleted); // not queued before this step
        Task waiting = worker.StepAsync(Cancel);
        CancellationToken idle = await working.Task.WaitAsync(Cancel);
        Assert.False(idle.IsCancellationRequested);
        await _bench.ListAsync();
        await watcher.PollOnceAsync(Cancel);
        await waiting;
        Assert.True(idle.IsCancellationRequested);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_JobWaitsInTheQueue_IsTakenByWork()
    {
        PublicKey job = await _bench.ListAsync();
        MarketWorker worker = _bench.Worker();
        await worker.StepAsync(Cancel);
        await ServeAsync(worker);
        Assert.Equal(JobState.Done, (await _bench.JobAsync(job)).State);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_RunAppearsAfterTheLook_IsServedAndNotQueuedBeside()
    {
        await _bench.Queue.JoinAsync(Cancel);
        PublicKey job = await _bench.ListAsync(); // leaves the queue and gets the run in one transaction
        MarketWorker worker = _bench.Worker();
        await ServeAsync(worker);
        Assert.Equal(JobState.Done, (await _bench.JobAsync(job)).State);
        Assert.Null(await _bench.Queue.FindAsync(Cancel));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_InvalidDefinition_IsFinishedWithAllFaults()
    {
        PublicKey job = await _bench.ListAsync("""{"version":"0.1","type":"container","ops":[{"type":"container/nope","id":"a"},{"id":"b"}]}""");
        await _bench.Queue.JoinAsync(Cancel);
        await ServeAsync(_bench.Worker());
        JsonNode result = Result(await _bench.JobAsync(job));
        Assert.Equal("validation-error", (string?)result["status"]);
        Assert.True(result["errors"]!.AsArray().Count >= 2);
        Assert.Empty(_bench.Bench.Engine.Made);
        Assert.Equal(0, _bench.Refusals.RefusalsSoFar);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_AsksForMoreThanTheSlotHas_IsGivenBackAndTheThirdLeavesTheQueue()
    {
        const string Greedy = """{"version":"0.1","type":"container","meta":{"system_requirements":{"required_vram":24}},"ops":[{"type":"container/run","id":"a","args":{"image":"busybox","gpu":true}}]}""";
        MarketWorker worker = _bench.Worker();
        var jobs = new List<PublicKey>();
        for (int i = 0; i < 3; i++)
        {
            jobs.Add(await _bench.ListAsync(Greedy));
            await _bench.Queue.JoinAsync(Cancel);
            await ServeAsync(worker);
        }
        foreach (PublicKey job in jobs) Assert.Equal(JobState.Stopped, (await _bench.JobAsync(job)).State);
        Assert.NotNull(_bench.Refusals.Current);
        Assert.Empty(_bench.Bench.Engine.Made);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_RunArrivesInABackOff_IsNotLeftWaiting()
    {
        await _bench.Queue.JoinAsync(Cancel);
        _bench.Refusals.Refused(RefusalCause.Host, "engine down");
        _bench.HostProblem = "engine down";
        RunWatcher watcher = _bench.Watcher();
        MarketWorker worker = _bench.Worker(watcher);
        Task step = worker.StepAsync(Cancel);
        await Eventually.TrueAsync(() => MarketAccount.TryDecode(_bench.Server.Bank.GetAccount(_bench.Slot.Market)!.Data.Span, out MarketAccount? market) && market.Queue.Count == 0, "the empty queue");
        (PublicKey job, ObservedRun _) = await _bench.ClaimAsync(); // given to the host while it left the queue
        await watcher.PollOnceAsync(Cancel);
        await step;
        await ServeAsync(worker);
        Assert.Equal(JobState.Done, (await _bench.JobAsync(job)).State);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_BackOffsReasonIsGone_QueuesAgainAtOnce()
    {
        _bench.Refusals.Refused(RefusalCause.Host, "engine down");
        MarketWorker worker = _bench.Worker();
        await worker.StepAsync(Cancel);
        Assert.Null(_bench.Refusals.Current);
        await worker.StepAsync(Cancel);
        Assert.NotNull(await _bench.Queue.FindAsync(Cancel));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_EngineIsDown_NewRunIsGivenBackNotFailed()
    {
        (PublicKey job, ObservedRun _) = await _bench.ClaimAsync();
        _bench.Bench.Engine.Down = true;
        await ServeAsync(_bench.Worker());
        Assert.Equal(JobState.Stopped, (await _bench.JobAsync(job)).State);
        Assert.Equal(RefusalCause.Host, _bench.Refusals.Current!.Cause);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_NodeStillListsASettledRun_DoesNotCountItAsServed()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        _bench.Journal.Save(new RunRecord { Run = run.Address, Job = job, Market = _bench.Slot.Market, Phase = RunPhase.Closed, Reason = "Job:too much" });
        _bench.Journal.SaveTransaction(new SentTransaction("signature", $"quit:{run.Address}", 1, "confirmed"));
        _bench.Refusals.Refused(RefusalCause.Job, "too much");
        MarketWorker worker = _bench.Worker();
        Task step = worker.StepAsync(Cancel);
        await Eventually.EndsAsync(step, _bench.Clock, TimeSpan.FromSeconds(1));
        await step;
        Assert.Equal(1, _bench.Refusals.RefusalsSoFar);
        Assert.Empty(_bench.Bench.Engine.Made);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_RunWasTakenForClosed_IsServedAllTheSame()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        _bench.Journal.Save(new RunRecord { Run = run.Address, Job = job, Market = _bench.Slot.Market, Phase = RunPhase.Closed });
        await ServeAsync(_bench.Worker());
        Assert.Equal(JobState.Done, (await _bench.JobAsync(job)).State);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_JournaledDefinitionIsNotTakenAnyMore_EndsWithItsFaultsAndTheHostServesOn()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        string ops = string.Join(',', Enumerable.Range(0, 257).Select(op => $$"""{"type":"container/create-volume","id":"{{op}}","args":{"name":"v"} }"""));
        _bench.Journal.Admit(
            new RunRecord { Run = run.Address, Job = job, Market = _bench.Slot.Market, Phase = RunPhase.Running },
            System.Text.Encoding.UTF8.GetBytes($$"""{"version":"0.1","type":"container","ops":[{{ops}}]}"""));
        await ServeAsync(_bench.Worker());
        JobAccount done = await _bench.JobAsync(job);
        Assert.Equal("validation-error", (string?)Result(done)["status"]);
        Assert.Contains("at most 256 operations", Result(done)["errors"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(RunPhase.Closed, _bench.Journal.FindRun(run.Address)!.Phase);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_JobAccountIsGone_IsIgnoredAndTheHostQueues()
    {
        (PublicKey job, ObservedRun _) = await _bench.ClaimAsync();
        _bench.CloseAccount(job);
        MarketWorker worker = _bench.Worker();
        await ServeAsync(worker);
        await worker.StepAsync(Cancel);
        Assert.NotNull(await _bench.Queue.FindAsync(Cancel));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_KilledInTheMiddle_TheNextAgentEndsItPaidOnce()
    {
        _bench.Bench.Engine.Programs["a"] = FakeProgram.Service();
        (PublicKey job, ObservedRun _) = await _bench.ClaimAsync();
        using (var kill = CancellationTokenSource.CreateLinkedTokenSource(Cancel))
        {
            Task step = _bench.Worker().StepAsync(kill.Token);
            await _bench.Bench.Engine.RunningAsync("a");
            await kill.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => step);
        }
        FakeContainer container = _bench.Bench.Engine.ContainerOf("a")!;
        Assert.True(container.IsRunning);
        _bench.Restart();
        _bench.Clock.Advance(TimeSpan.FromSeconds(20));
        Task again = _bench.Worker().StepAsync(Cancel);
        container.Exit(0);
        await again;
        JobAccount done = await _bench.JobAsync(job);
        Assert.Equal((JobState.Done, 20L), (done.State, done.TimeEnd - done.TimeStart));
        Assert.Equal(2000UL, await _bench.NosAsync(_bench.Wallet.Address));
        Assert.Equal(1, _bench.Bench.Engine.MadeFor("a"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_PosterEndedItWhileTheAgentWasAway_ContainerIsRemovedAndTheResultDelivered()
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
        Task joining = _bench.Worker().StepAsync(Cancel);
        await Eventually.EndsAsync(joining, _bench.Clock, Reconciler.BetweenLooks);
        await joining;
        await _bench.Settling.WorkAsync(Cancel);
        Assert.Equal(RunPhase.Closed, _bench.Journal.FindRun(run.Address)!.Phase);
        JobAccount done = await _bench.JobAsync(job);
        Assert.Equal(("success", "stopped"), ((string?)Result(done)["status"], (string?)Result(done)["opStates"]![0]!["status"]));
        Assert.Empty(_bench.Bench.Engine.Present);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_LeftoversOfAJobNobodyKnows_AreRemovedAndLocalRunsAreNot()
    {
        using var stranger = new Account();
        _bench.Bench.Engine.NetworksByName["mine"] = Labels(stranger.PublicKey);
        _bench.Bench.Engine.NetworksByName["local"] = Labels("0123456789abcdefghijklmnopqrstuv");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task agent = _bench.Worker().RunAsync(stop.Token);
        await Eventually.TrueAsync(() => !_bench.Bench.Engine.NetworksByName.ContainsKey("mine"), "the removal");
        await stop.CancelAsync();
        await agent;
        Assert.Contains("local", _bench.Bench.Engine.NetworksByName.Keys);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StepAsync_EngineFoundSomethingOfAnEndedJobAgain_IsRemovedBeforeThePlaceInTheQueue()
    {
        using var stranger = new Account();
        _bench.Bench.Engine.NetworksByName["found"] = Labels(stranger.PublicKey);
        MarketWorker worker = _bench.Worker();
        await worker.StepAsync(Cancel);
        string kept = Assert.Single(_bench.Bench.Engine.NetworksByName).Key;
        Assert.Equal(JobNetworks.NameOfSlot(_bench.Wallet.Address, _bench.Slot.Name), kept); // for the job that it waits for now
        Assert.NotNull(await _bench.Queue.FindAsync(Cancel));
        await worker.LeaveAsync(Cancel);
        Assert.Empty(_bench.Bench.Engine.NetworksByName);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task LeaveAsync_NotQueued_IsNoError()
    {
        MarketWorker worker = _bench.Worker();
        await worker.LeaveAsync(Cancel);
        await _bench.Queue.JoinAsync(Cancel);
        await worker.LeaveAsync(Cancel);
        Assert.Null(await _bench.Queue.FindAsync(Cancel));
    }

    private Dictionary<string, string> Labels(string job) => new() { ["com.nosana.job"] = job, ["com.nosana.agent"] = _bench.Wallet.Address };

    /// <summary>One step with the clock moving on for what waits in it.</summary>
    private async Task ServeAsync(MarketWorker worker)
    {
        Task step = worker.StepAsync(Cancel);
        await Eventually.EndsAsync(step, _bench.Clock, TimeSpan.FromMilliseconds(10));
        await step;
    }

    private JsonNode Result(JobAccount job) => JsonNode.Parse(_bench.Server.Content.Find(Cid.FromDigest(job.IpfsResult))!.Content.Span)!;
}
