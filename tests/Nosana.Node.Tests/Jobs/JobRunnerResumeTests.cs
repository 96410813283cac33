using Nosana.Node.Jobs;
using Nosana.Node.Jobs.State;
using Nosana.Node.Tests.Support;
using Nosana.Testing;
using static Nosana.Node.Tests.Support.JobBench;

namespace Nosana.Node.Tests.Jobs;

/// <summary>What an agent does with the journal and the containers of one that exited or was killed.</summary>
public sealed class JobRunnerResumeTests : IDisposable
{
    private readonly JobBench _bench = new();
    private JobBench? _killed;

    public void Dispose()
    {
        _bench.Dispose();
        _killed?.Dispose();
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_AgentExits_ContainerGoesOnAndIsAdopted()
    {
        FlowState resume = await RunningAndLeftAsync();
        FakeContainer container = _bench.Engine.ContainerOf("a")!;
        Assert.True(container.IsRunning);
        container.Print("while nobody looked");
        JobBench next = NextAgent();
        Task<JobOutcome> run = next.Runner(Op("a"), resume).RunAsync();
        await Eventually.TrueAsync(() => next.Journal.Count > 2, "the adoption");
        container.Exit(3);
        OpState op = (await run).State.OpStates[0];
        Assert.Equal((FlowStatus.Failed, 3, container.Id), (op.Status!, op.ExitCode!.Value, op.ProviderId!));
        Assert.Equal(resume.OpStates[0].StartTime, op.StartTime);
        Assert.Equal(["before\n", "while nobody looked\n"], op.Logs.Select(entry => entry.Log));
        Assert.Equal(1, _bench.Engine.MadeFor("a"));
        Assert.Equal(1, container.Starts);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_ContainerMadeButNotJournaled_IsAdoptedAndStarted()
    {
        FlowState resume = await RunningAndLeftAsync();
        _bench.Engine.ContainerOf("a")!.Exit(0);
        resume.OpStates[0].ProviderId = null; // killed between making it and writing it down
        JobOutcome outcome = await NextAgent().Runner(Op("a"), resume).RunAsync();
        Assert.Equal(FlowStatus.Success, outcome.State.Status);
        Assert.Equal(1, _bench.Engine.MadeFor("a"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_ContainerIsGone_OpFailsAndTheFlowGoesOn()
    {
        FlowState resume = await RunningAndLeftAsync(Op("a") + "," + Op("b"));
        _bench.Engine.Remove(_bench.Engine.ContainerOf("a")!.Id);
        JobOutcome outcome = await NextAgent().Runner(Op("a") + "," + Op("b"), resume).RunAsync();
        Assert.Equal([FlowStatus.Failed, FlowStatus.Success], outcome.State.OpStates.Select(op => op.Status));
        Assert.Contains("was removed while the host agent was away", Assert.Single(outcome.State.OpStates[0].Errors).Message, StringComparison.Ordinal);
        Assert.Equal(1, _bench.Engine.MadeFor("a"));
        Assert.Null(outcome.HostFault);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_OpHadEnded_IsNotRunAgain()
    {
        var resume = new FlowState
        {
            Status = FlowStatus.Running,
            StartTime = 1,
            OpStates =
            [
                new OpState { OperationId = "a", Group = "a", Status = FlowStatus.Failed, ExitCode = 7, StartTime = 1, EndTime = 2, ProviderId = "c0ffee" },
                new OpState { OperationId = "b", Group = "b" },
            ],
        };
        JobOutcome outcome = await _bench.Runner(Op("a") + "," + Op("b"), resume).RunAsync();
        Assert.Equal([(FlowStatus.Failed, 7), (FlowStatus.Success, 0)], outcome.State.OpStates.Select(op => (op.Status, op.ExitCode!.Value)));
        Assert.Equal("b", Assert.Single(_bench.Engine.Made).Op);
        Assert.Equal(1, outcome.State.StartTime);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_KilledBeforeTheContainer_StartsFromTheBeginning()
    {
        var resume = new FlowState { Status = FlowStatus.Running, StartTime = 1, OpStates = [new OpState { OperationId = "a", Group = "a", Status = FlowStatus.Running, StartTime = 1 }] };
        JobOutcome outcome = await _bench.Runner(Op("a"), resume).RunAsync();
        Assert.Equal(FlowStatus.Success, outcome.State.Status);
        Assert.Single(_bench.Engine.Made);
        Assert.Equal(_bench.Clock.GetUtcNow().ToUnixTimeMilliseconds(), outcome.State.OpStates[0].StartTime);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_StoppedWhileTheAgentWasAway_TheContainerIsStoppedWithItsOutput()
    {
        FlowState resume = await RunningAndLeftAsync();
        _bench.Engine.ContainerOf("a")!.Print("while nobody looked");
        JobBench next = NextAgent();
        JobRunner runner = next.Runner(Op("a") + "", resume);
        next.Control.Stop(StopReason.Stopped);
        OpState op = (await runner.RunAsync()).State.OpStates[0];
        Assert.Equal((FlowStatus.Stopped, 137), (op.Status!, op.ExitCode!.Value));
        Assert.True(op.Diagnostics.Reason.JobStopped);
        Assert.Equal(["before\n", "while nobody looked\n"], op.Logs.Select(entry => entry.Log));
        Assert.Empty(_bench.Engine.Present);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_Adopted_TheOpsTimeoutCountsFromItsFirstStart()
    {
        string ops = Op("a", "\"timeout\":60");
        FlowState resume = await RunningAndLeftAsync(ops);
        _bench.Clock.Advance(TimeSpan.FromSeconds(50));
        JobBench next = NextAgent();
        Task<JobOutcome> run = next.Runner(ops, resume).RunAsync();
        await Eventually.TrueAsync(() => next.Journal.Count > 2, "the adoption");
        _bench.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("Operation killed after exceeding its timeout of 60s", (await run).State.OpStates[0].Diagnostics.Reason.Reason);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_EngineIsDownAtResume_ThrowsAndChangesNothing()
    {
        FlowState resume = await RunningAndLeftAsync();
        _bench.Engine.Down = true;
        await Assert.ThrowsAsync<Nosana.Node.Engine.EngineException>(() => NextAgent().Runner(Op("a"), resume).RunAsync());
        Assert.True(_bench.Engine.ContainerOf("a")!.IsRunning);
    }

    private async Task<FlowState> RunningAndLeftAsync(string? ops = null)
    {
        _bench.Engine.Programs["a"] = new FakeProgram { EndsAtOnce = false, Prints = ["before"] };
        Task<JobOutcome> run = _bench.Runner(ops ?? Op("a")).RunAsync();
        await _bench.Engine.RunningAsync("a");
        await Eventually.TrueAsync(() => _bench.Journal[^1].OpStates[0].ProviderId is not null, "the journaled container");
        await _bench.ExitAgentAsync(run);
        return _bench.Restart();
    }

    /// <summary>Another agent on the same engine and state directory.</summary>
    private JobBench NextAgent() => _killed = new JobBench(_bench);
}
