using Nosana.Node.Jobs;
using Nosana.Node.Jobs.Ops;
using Nosana.Node.Jobs.State;
using Nosana.Node.Tests.Support;
using Nosana.Testing;
using static Nosana.Node.Tests.Support.JobBench;

namespace Nosana.Node.Tests.Jobs;

public sealed class JobCommandTests : IDisposable
{
    private const string Group = "\"group\":\"g\"";

    private readonly JobBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StopOpAsync_RunningOp_IsStoppedAndTheOthersGoOn()
    {
        (JobRunner runner, Task<JobOutcome> run) = await TwoServicesAsync();
        await runner.StopOpAsync("g", "a");
        Assert.Null(_bench.Engine.ContainerOf("a"));
        Assert.True(_bench.Engine.ContainerOf("b")!.IsRunning);
        await runner.StopOpAsync("g", "a"); // ended already: nothing to do
        _bench.Engine.ContainerOf("b")!.Exit(0);
        FlowState state = (await run).State;
        Assert.Equal([FlowStatus.Stopped, FlowStatus.Success], state.OpStates.Select(op => op.Status));
        Assert.Equal(FlowStatus.Success, state.Status);
        Assert.Null(state.OpStates[0].Diagnostics.Reason.Reason);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StopOpAsync_OpOfALaterGroup_NeverStarts()
    {
        (JobRunner runner, Task<JobOutcome> run) = await TwoServicesAsync("," + Op("c"));
        await runner.StopOpAsync("c", "c");
        _bench.Engine.ContainerOf("a")!.Exit(0);
        _bench.Engine.ContainerOf("b")!.Exit(0);
        OpState op = (await run).State.OpStates[2];
        Assert.Equal(FlowStatus.Stopped, op.Status);
        Assert.Null(op.StartTime);
        Assert.NotNull(op.EndTime);
        Assert.Equal(0, _bench.Engine.MadeFor("c"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RestartOpAsync_RunningOp_GetsAnotherContainerAndKeepsItsLog()
    {
        _bench.Engine.Programs["a"] = new FakeProgram { EndsAtOnce = false, Prints = ["hello"] };
        (JobRunner runner, Task<JobOutcome> run) = await TwoServicesAsync(keepPrograms: true);
        string first = _bench.Engine.ContainerOf("a")!.Id;
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        await runner.RestartOpAsync("g", "a");
        FakeContainer second = await _bench.Engine.RunningAsync("a");
        Assert.NotEqual(first, second.Id);
        Assert.True(_bench.Engine.ContainerOf("b")!.IsRunning);
        second.Exit(0);
        _bench.Engine.ContainerOf("b")!.Exit(0);
        FlowState state = (await run).State;
        OpState op = state.OpStates[0];
        Assert.Equal((FlowStatus.Success, 0, second.Id), (op.Status!, op.ExitCode!.Value, op.ProviderId!));
        Assert.Equal(["hello\n", "hello\n"], op.Logs.Select(entry => entry.Log));
        Assert.Empty(op.Errors);
        Assert.Equal(1, _bench.Engine.MadeFor("b"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RestartOpAsync_EndedOp_RunsAgain()
    {
        (JobRunner runner, Task<JobOutcome> run) = await TwoServicesAsync();
        _bench.Engine.ContainerOf("a")!.Exit(5);
        await Eventually.TrueAsync(() => _bench.Journal[^1].OpStates[0].ExitCode == 5, "the first end");
        await Eventually.TrueAsync(() => _bench.Engine.ContainerOf("a") is null, "the removal");
        await runner.RestartOpAsync("g", "a");
        (await _bench.Engine.RunningAsync("a")).Exit(0);
        await Eventually.TrueAsync(() => _bench.Journal[^1].OpStates[0].ExitCode == 0, "the second end");
        _bench.Engine.ContainerOf("b")!.Exit(0);
        Assert.Equal(FlowStatus.Success, (await run).State.Status);
        Assert.Equal(2, _bench.Engine.MadeFor("a"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RestartOpAsync_AdoptedContainer_IsNotAdoptedAgain()
    {
        (JobRunner _, Task<JobOutcome> run) = await TwoServicesAsync();
        await Eventually.TrueAsync(() => _bench.Journal[^1].OpStates.All(op => op.ProviderId is not null), "the journaled containers");
        await _bench.ExitAgentAsync(run);
        using var next = new JobBench(_bench);
        JobRunner runner = next.Runner(TwoOps, _bench.Restart());
        run = runner.RunAsync();
        string adopted = _bench.Engine.ContainerOf("a")!.Id;
        await runner.RestartOpAsync("g", "a");
        FakeContainer second = await _bench.Engine.RunningAsync("a");
        Assert.NotEqual(adopted, second.Id);
        second.Exit(0);
        _bench.Engine.ContainerOf("b")!.Exit(0);
        Assert.Equal(FlowStatus.Success, (await run).State.Status);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RestartOpAsync_DependentsAndTheirDependencies_StayAsTheyAre()
    {
        _bench.Engine.Programs["a"] = FakeProgram.Service();
        _bench.Engine.Programs["b"] = FakeProgram.Service();
        JobRunner runner = _bench.Runner(Op("a", Group + ",\"stop_if_dependent_stops\":true") + "," + Op("b", Group + ",\"depends_on\":[\"a\"]"));
        Task<JobOutcome> run = runner.RunAsync();
        FakeContainer b = await _bench.Engine.RunningAsync("b");
        await runner.RestartOpAsync("g", "a");
        await _bench.Engine.RunningAsync("a");
        Assert.True(b.IsRunning);
        b.Exit(0);
        _bench.Engine.ContainerOf("a")!.Exit(0);
        Assert.Equal(FlowStatus.Success, (await run).State.Status);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Commands_WhileOneIsUnderWay_AreRefused()
    {
        var slow = new TaskCompletionSource();
        _bench.Engine.Programs["a"] = new FakeProgram { EndsAtOnce = false, SlowStop = slow };
        _bench.Engine.Programs["b"] = new FakeProgram { EndsAtOnce = false, SlowStop = slow };
        (JobRunner runner, Task<JobOutcome> run) = await TwoServicesAsync(keepPrograms: true);
        Task stopping = runner.StopOpAsync("g", "a"), restarting = runner.RestartOpAsync("g", "b");
        Assert.Equal(OpCommandException.Stopping, await CodeAsync(() => runner.RestartOpAsync("g", "a")));
        Assert.Equal(OpCommandException.Restarting, await CodeAsync(() => runner.StopOpAsync("g", "b")));
        slow.SetResult();
        await stopping;
        await restarting;
        (await _bench.Engine.RunningAsync("b")).Exit(0);
        await run;
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Commands_WhatIsNotThere_IsRefusedByItsCode()
    {
        (JobRunner runner, Task<JobOutcome> run) = await TwoServicesAsync("," + Op("c"));
        Assert.Equal(OpCommandException.GroupNotFound, await CodeAsync(() => runner.StopOpAsync("x", "a")));
        Assert.Equal(OpCommandException.GroupNotFound, await CodeAsync(() => runner.StopOpAsync("g", "c")));
        Assert.Equal(OpCommandException.GroupNotFound, await CodeAsync(() => runner.RestartOpAsync("x", "a")));
        Assert.Equal(OpCommandException.InvalidOpId, await CodeAsync(() => runner.RestartOpAsync("g", "c")));
        Assert.Equal(OpCommandException.GroupNotActive, await CodeAsync(() => runner.RestartOpAsync("c", "c")));
        Assert.Equal(OpCommandException.GroupNotActive, await CodeAsync(() => runner.StopGroupAsync("c")));
        Assert.Equal(OpCommandException.GroupNotFound, await CodeAsync(() => runner.RestartGroupAsync("x")));
        await runner.StopGroupAsync("g");
        await run;
        Assert.Equal(OpCommandException.GroupNotActive, await CodeAsync(() => runner.StopOpAsync("g", "a")));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StopGroupAsync_ActiveGroup_StopsAllAndTheNextGroupRuns()
    {
        (JobRunner runner, Task<JobOutcome> run) = await TwoServicesAsync("," + Op("c"));
        await runner.StopGroupAsync("g");
        FlowState state = (await run).State;
        Assert.Equal([FlowStatus.Stopped, FlowStatus.Stopped, FlowStatus.Success], state.OpStates.Select(op => op.Status));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RestartGroupAsync_ActiveGroup_RestartsEveryOp()
    {
        (JobRunner runner, Task<JobOutcome> run) = await TwoServicesAsync();
        await runner.RestartGroupAsync("g");
        (await _bench.Engine.RunningAsync("a")).Exit(0);
        (await _bench.Engine.RunningAsync("b")).Exit(0);
        Assert.Equal(FlowStatus.Success, (await run).State.Status);
        Assert.Equal((2, 2), (_bench.Engine.MadeFor("a"), _bench.Engine.MadeFor("b")));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StopAndRestart_JobIsStoppedMeanwhile_TheJobsEndWins()
    {
        var slow = new TaskCompletionSource();
        _bench.Engine.Programs["a"] = new FakeProgram { EndsAtOnce = false, SlowStop = slow };
        (JobRunner runner, Task<JobOutcome> run) = await TwoServicesAsync(keepPrograms: true);
        Task restarting = runner.RestartOpAsync("g", "a");
        Assert.Equal(OpCommandException.Restarting, await CodeAsync(() => runner.RestartOpAsync("g", "a"))); // the first one is under way
        _bench.Control.Stop(StopReason.Stopped);
        slow.SetResult();
        FlowState state = (await run).State;
        Assert.Equal(FlowStatus.Success, state.Status);
        Assert.True(state.OpStates[1].Diagnostics.Reason.JobStopped); // the other one was being restarted when the job ended
        await restarting;
        Assert.Equal(1, _bench.Engine.MadeFor("a"));
    }

    private static string TwoOps => Op("a", Group) + "," + Op("b", Group);

    private async Task<(JobRunner Runner, Task<JobOutcome> Run)> TwoServicesAsync(string more = "", bool keepPrograms = false)
    {
        foreach (string op in (string[])["a", "b"])
            if (!keepPrograms || !_bench.Engine.Programs.ContainsKey(op)) _bench.Engine.Programs[op] = FakeProgram.Service();
        JobRunner runner = _bench.Runner(TwoOps + more);
        Task<JobOutcome> run = runner.RunAsync();
        await _bench.Engine.RunningAsync("a");
        await _bench.Engine.RunningAsync("b");
        return (runner, run);
    }

    private static async Task<string> CodeAsync(Func<Task> command) => (await Assert.ThrowsAsync<OpCommandException>(command)).Code;
}
