using Nosana.Node.Jobs;
using Nosana.Node.Jobs.State;
using Nosana.Node.Tests.Exposure;
using Nosana.Node.Tests.Support;
using Nosana.Testing;
using static Nosana.Node.Tests.Support.JobBench;

namespace Nosana.Node.Tests.Jobs;

/// <summary>The newer official host's rules: who waits for whom, how long an operation may run, and what becomes of the flow.</summary>
public sealed class FlowRuleTests : IDisposable
{
    private readonly JobBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_ServerNamesItsBenchmark_StartsFirstAndEndsWithIt()
    {
        _bench.Engine.Programs["benchmark"] = FakeProgram.Service();
        _bench.Engine.Programs["server"] = FakeProgram.Service();
        string server = Op("server", "\"group\":\"g\",\"depends_on\":[\"benchmark\"],\"stop_if_dependent_stops\":true");
        Task<JobOutcome> run = _bench.Runner(Op("benchmark", "\"group\":\"g\"") + "," + server).RunAsync();
        (await _bench.Engine.RunningAsync("benchmark")).Exit(0);
        JobOutcome outcome = await run;
        Assert.Equal(["server", "benchmark"], _bench.Engine.Made.Select(container => container.Op));
        Assert.Equal([(FlowStatus.Success, 0), (FlowStatus.Stopped, 137)], outcome.State.OpStates.Select(op => (op.Status, op.ExitCode!.Value)));
        Assert.Equal(FlowStatus.Success, outcome.State.Status);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_ServerCannotStart_ItsBenchmarkSaysWhyItNeverRan()
    {
        _bench.Engine.MissingImages.Add("nowhere");
        string server = """{"type":"container/run","id":"server","args":{"image":"nowhere"},"execution":{"group":"g","depends_on":["benchmark"],"stop_if_dependent_stops":true}}""";
        FlowState state = (await _bench.Runner(Op("benchmark", "\"group\":\"g\"") + "," + server).RunAsync()).State;
        Assert.Equal([FlowStatus.Init, FlowStatus.Failed], state.OpStates.Select(op => op.Status));
        Assert.Equal("The operation was not started: 'server', which it waits for, ended without having been ready.", Assert.Single(state.OpStates[0].Errors).Message);
        Assert.Equal(FlowStatus.Failed, state.Status);
        Assert.Empty(_bench.Engine.Made);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("expired", "success", "success", "jobExpired", "Operation stopped due to flow expired")]
    [InlineData("stopped", "stopped", "success", "jobStopped", "Operation stopped due to flow stopped")]
    [InlineData("quit", "failed", "failed", "hostShutDown", "Operation stopped due to flow quit")]
    public async Task RunAsync_JobIsStopped_StatesAndFlagsAreTheOfficialOnes(string reason, string opStatus, string flowStatus, string flag, string text)
    {
        _bench.Engine.Programs["a"] = FakeProgram.Service();
        Task<JobOutcome> run = _bench.Runner(Op("a") + "," + Op("b")).RunAsync();
        FakeContainer container = await _bench.Engine.RunningAsync("a");
        container.Print("last words");
        _bench.Control.Stop(StopReason.All.Single(one => one.Word == reason));
        FlowState state = (await run).State;
        Assert.Equal(flowStatus, state.Status);
        Assert.Equal((opStatus, 137), (state.OpStates[0].Status!, state.OpStates[0].ExitCode!.Value));
        StopFlags flags = state.OpStates[0].Diagnostics.Reason;
        Assert.Equal((flag == "jobExpired", flag == "jobStopped", flag == "hostShutDown", text), (flags.JobExpired, flags.JobStopped, flags.HostShutDown, flags.Reason));
        Assert.Equal("last words\n", Assert.Single(state.OpStates[0].Logs).Log);
        Assert.Equal((opStatus, 0), (state.OpStates[1].Status!, state.OpStates[1].ExitCode!.Value));
        Assert.Equal(text, state.OpStates[1].Diagnostics.Reason.Reason);
        Assert.Null(state.OpStates[1].StartTime);
        Assert.NotNull(state.OpStates[1].EndTime);
        Assert.Equal(0, _bench.Engine.MadeFor("b"));
        Assert.Empty(_bench.Engine.Present);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("expired")]
    [InlineData("stopped")]
    public async Task RunAsync_StoppedAfterAnOperationFailed_TheFlowIsFailed(string reason)
    {
        _bench.Engine.Programs["a"] = new FakeProgram { ExitCode = 7 };
        _bench.Engine.Programs["b"] = FakeProgram.Service();
        Task<JobOutcome> run = _bench.Runner(Op("a") + "," + Op("b")).RunAsync();
        await _bench.Engine.RunningAsync("b");
        _bench.Control.Stop(StopReason.All.Single(one => one.Word == reason));
        Assert.Equal(FlowStatus.Failed, (await run).State.Status);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_VersionAndContainerAddress_AreFilledIn()
    {
        _bench.Engine.Programs["server"] = FakeProgram.Service();
        string client = """{"type":"container/run","id":"client","args":{"image":"busybox","cmd":["%%ops.server.container_ip%%","%%global.version%%"]},"execution":{"group":"g","depends_on":["server"]}}""";
        Task<JobOutcome> run = _bench.Runner(Op("server", "\"group\":\"g\"") + "," + client).RunAsync();
        await Eventually.TrueAsync(() => _bench.Engine.MadeFor("client") == 1, "the client's container");
        _bench.Engine.ContainerOf("server")!.Exit(0);
        Assert.Equal(FlowStatus.Success, (await run).State.Status);
        Assert.Equal(["127.0.0.1", AgentVersion.Text], _bench.Engine.Made[1].Request.Cmd!);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_ExecutionTimeout_StopsTheOpWithItsReasonAndTheFlowGoesOn()
    {
        _bench.Engine.Programs["a"] = FakeProgram.Service();
        Task<JobOutcome> run = _bench.Runner(Op("a", "\"timeout\":60") + "," + Op("b")).RunAsync();
        await _bench.Engine.RunningAsync("a");
        await Eventually.TrueAsync(() => _bench.Journal[^1].OpStates[0].ProviderId is not null, "the journaled container");
        _bench.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.True(_bench.Engine.ContainerOf("a")!.IsRunning);
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        FlowState state = (await run).State;
        Assert.Equal((FlowStatus.Success, 137), (state.OpStates[0].Status, state.OpStates[0].ExitCode));
        StopFlags flags = state.OpStates[0].Diagnostics.Reason;
        Assert.Equal((false, false, false), (flags.HostShutDown, flags.JobStopped, flags.JobExpired));
        Assert.Equal("Operation killed after exceeding its timeout of 60s", flags.Reason);
        Assert.Empty(state.OpStates[0].Errors);
        Assert.Equal((FlowStatus.Success, FlowStatus.Success), (state.OpStates[1].Status, state.Status));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_ExecutionTimeout_CountsFromTheContainersStartNotFromThePull()
    {
        _bench.Engine.Programs["a"] = FakeProgram.Service();
        _bench.Engine.SlowPull = new TaskCompletionSource();
        Task<JobOutcome> run = _bench.Runner(Op("a", "\"timeout\":60")).RunAsync();
        await Eventually.TrueAsync(() => _bench.Engine.PullProgress is not null, "the pull");
        _bench.Clock.Advance(TimeSpan.FromSeconds(100));
        _bench.Engine.SlowPull.SetResult();
        FakeContainer container = await _bench.Engine.RunningAsync("a");
        await Eventually.TrueAsync(() => _bench.Journal[^1].OpStates[0].ProviderId is not null, "the journaled container");
        _bench.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.True(container.IsRunning);
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Operation killed after exceeding its timeout of 60s", (await run).State.OpStates[0].Diagnostics.Reason.Reason);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_ServersTimeoutEndsItBeforeItIsReady_ItsClientGoesOn()
    {
        _bench.Engine.Programs["server"] = FakeProgram.Service();
        string check = """{"type":"http","path":"/ready","method":"GET","expected_status":200,"continuous":false}""";
        string server = Op("server", "\"group\":\"g\",\"timeout\":60", $$""" "expose":[{"port":{{Ingress.UnusedPort()}},"health_checks":[{{check}}]}] """);
        Task<JobOutcome> run = _bench.Runner(server + "," + Op("client", "\"group\":\"g\",\"depends_on\":[\"server\"]")).RunAsync();
        await _bench.Engine.RunningAsync("server");
        await Eventually.TrueAsync(() => _bench.Journal[^1].OpStates[0].ProviderId is not null, "the journaled container");
        _bench.Clock.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal([FlowStatus.Success, FlowStatus.Success], (await run).State.OpStates.Select(op => op.Status));
        Assert.Equal(1, _bench.Engine.MadeFor("client"));
    }
}
