using System.Net;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Exposure;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.Hooks;
using Nosana.Node.Jobs.State;
using Nosana.Node.Tests.Exposure;
using Nosana.Node.Tests.Support;
using Nosana.Testing;
using static Nosana.Node.Tests.Support.JobBench;

namespace Nosana.Node.Tests.Jobs;

public sealed class JobRunnerTests : IDisposable
{
    private readonly JobBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_OpsSucceed_FlowSucceedsAndNothingIsLeft()
    {
        _bench.Engine.Programs["a"] = new FakeProgram { Prints = ["one", "two"] };
        JobOutcome outcome = await _bench.Runner(Op("a")).RunAsync();
        Assert.Null(outcome.HostFault);
        Assert.Equal(FlowStatus.Success, outcome.State.Status);
        OpState op = outcome.State.OpStates[0];
        Assert.Equal((FlowStatus.Success, 0), (op.Status, op.ExitCode));
        Assert.Equal(["one\n", "two\n"], op.Logs.Select(entry => entry.Log));
        Assert.Equal(_bench.Engine.Made[0].Id, op.ProviderId);
        Assert.Equal(0L, (long)op.Diagnostics.State!["ExitCode"]!);
        Assert.Empty(_bench.Engine.Present);
        Assert.Empty(_bench.Engine.NetworksByName);
        Assert.Empty(outcome.State.Secrets);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_OneOpFails_FlowFailsAndLaterGroupsRun()
    {
        _bench.Engine.Programs["a"] = new FakeProgram { ExitCode = 7 };
        JobOutcome outcome = await _bench.Runner(Op("a") + "," + Op("b")).RunAsync();
        Assert.Equal(FlowStatus.Failed, outcome.State.Status);
        Assert.Equal([(FlowStatus.Failed, 7), (FlowStatus.Success, 0)], outcome.State.OpStates.Select(op => (op.Status, op.ExitCode!.Value)));
        Assert.Empty(outcome.State.OpStates[0].Errors);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_Groups_RunOneAfterTheOther()
    {
        _bench.Engine.Programs["a"] = FakeProgram.Service();
        _bench.Engine.Programs["b"] = FakeProgram.Service();
        Task<JobOutcome> run = _bench.Runner(Op("a", "\"group\":\"g\"") + "," + Op("b", "\"group\":\"g\"") + "," + Op("c")).RunAsync();
        FakeContainer a = await _bench.Engine.RunningAsync("a"), b = await _bench.Engine.RunningAsync("b");
        a.Exit(0);
        Assert.Equal(0, _bench.Engine.MadeFor("c"));
        b.Exit(0);
        Assert.Equal(FlowStatus.Success, (await run).State.Status);
        Assert.Equal(1, _bench.Engine.MadeFor("c"));
        Assert.Equal(["g", "g", "c"], (await run).State.OpStates.Select(op => op.Group));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_Dependency_StartsWhenTheOtherRuns()
    {
        _bench.Engine.Programs["db"] = FakeProgram.Service();
        Task<JobOutcome> run = _bench.Runner(Op("db", "\"group\":\"g\"") + "," + Op("app", "\"group\":\"g\",\"depends_on\":[\"db\"]")).RunAsync();
        await Eventually.TrueAsync(() => _bench.Engine.MadeFor("app") == 1, "the dependent's container");
        (await _bench.Engine.RunningAsync("db")).Exit(0);
        Assert.Equal(FlowStatus.Success, (await run).State.Status);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_DependencyNeverReady_DependentIsSkippedWithAReason()
    {
        _bench.Engine.MissingImages.Add("nowhere");
        string db = """{"type":"container/run","id":"db","args":{"image":"nowhere"},"execution":{"group":"g"}}""";
        JobOutcome outcome = await _bench.Runner(db + "," + Op("app", "\"group\":\"g\",\"depends_on\":[\"db\"]")).RunAsync();
        OpState app = outcome.State.OpStates[1];
        Assert.Equal(FlowStatus.Init, app.Status);
        Assert.Null(app.StartTime);
        Assert.Equal("The operation was not started: 'db', which it waits for, ended without having been ready.", Assert.Single(app.Errors).Message);
        Assert.Equal(FlowStatus.Failed, outcome.State.Status);
        Assert.Null(outcome.HostFault);
        OpError error = Assert.Single(outcome.State.OpStates[0].Errors);
        Assert.Equal((OpError.ImagePull, 404), (error.Event, error.Code));
        Assert.Equal(ExitStatus.InternalError, outcome.State.OpStates[0].ExitCode);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_ManyOpsAreNeverStarted_OneEntryOfTheJournalSaysSo()
    {
        _bench.Engine.MissingImages.Add("nowhere");
        string db = """{"type":"container/run","id":"db","args":{"image":"nowhere"},"execution":{"group":"g"}}""";
        string dependents = string.Join(',', Enumerable.Range(0, 60).Select(i => Op($"a{i}", "\"group\":\"g\",\"depends_on\":[\"db\"]")));
        JobOutcome outcome = await _bench.Runner(db + "," + dependents).RunAsync();
        Assert.All(outcome.State.OpStates.Skip(1), op => Assert.Contains("was not started", Assert.Single(op.Errors).Message, StringComparison.Ordinal));
        Assert.InRange(_bench.Journal.Count, 1, 20);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_StoppedBeforeManyGroups_OneEntryOfTheJournalSaysSo()
    {
        _bench.Engine.Programs["a"] = FakeProgram.Service();
        Task<JobOutcome> run = _bench.Runner(Op("a") + "," + string.Join(',', Enumerable.Range(0, 250).Select(i => Op($"later{i}")))).RunAsync();
        await _bench.Engine.RunningAsync("a");
        _bench.Control.Stop(StopReason.Stopped);
        FlowState state = (await run).State;
        Assert.All(state.OpStates, op => Assert.Equal(FlowStatus.Stopped, op.Status));
        Assert.InRange(_bench.Journal.Count, 1, 20);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_StoppedWhilePulling_EndsWithoutAContainer()
    {
        _bench.Engine.SlowPull = new TaskCompletionSource();
        Task<JobOutcome> run = _bench.Runner(Op("a")).RunAsync();
        await Eventually.TrueAsync(() => _bench.Journal.Count >= 2, "the operation's start");
        _bench.Control.Stop(StopReason.Stopped);
        OpState op = (await run).State.OpStates[0];
        Assert.Equal((FlowStatus.Stopped, ExitStatus.InternalError), (op.Status, op.ExitCode!.Value));
        Assert.Empty(_bench.Engine.Made);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_EngineDownBeforeAnythingRan_IsTheHostsFault()
    {
        _bench.Engine.Down = true;
        JobOutcome outcome = await _bench.Runner(Op("a")).RunAsync();
        Assert.Contains("does not answer", outcome.HostFault, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_EngineGoesDownBetweenMakingAndStarting_IsTheHostsFault()
    {
        _bench.Engine.Programs["a"] = new FakeProgram { StartError = FakeEngine.Error(HttpStatusCode.InternalServerError, "write /var/lib/docker/x: no space left on device") };
        JobOutcome outcome = await _bench.Runner(Op("a") + "," + Op("b")).RunAsync();
        Assert.Contains("no space left", outcome.HostFault, StringComparison.Ordinal);
        Assert.Equal(0, _bench.Engine.MadeFor("b"));
        Assert.Empty(_bench.Engine.Present);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_HostFaultAfterSomethingRan_IsFinishedNotGivenBack()
    {
        _bench.Engine.Programs["b"] = new FakeProgram { CreateError = FakeEngine.Error(HttpStatusCode.InternalServerError, "no space left on device") };
        JobOutcome outcome = await _bench.Runner(Op("a") + "," + Op("b")).RunAsync();
        Assert.Null(outcome.HostFault);
        Assert.Equal(FlowStatus.Failed, outcome.State.Status);
        Assert.Equal(OpError.ContainerRuntime, Assert.Single(outcome.State.OpStates[1].Errors).Event);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_CommandCannotStart_IsTheDefinitionsFault()
    {
        _bench.Engine.Programs["a"] = new FakeProgram { StartError = FakeEngine.Error(HttpStatusCode.BadRequest, "OCI runtime create failed: exec: \"nope\": executable file not found in $PATH") };
        JobOutcome outcome = await _bench.Runner(Op("a")).RunAsync();
        Assert.Null(outcome.HostFault);
        OpError error = Assert.Single(outcome.State.OpStates[0].Errors);
        Assert.Equal((OpError.ContainerRuntime, 400), (error.Event, error.Code));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(127, true)]
    [InlineData(1, false)]
    public async Task RunAsync_ListLikeAShellLine_TheErrorSaysWhatToWriteWhenTheProgramWasNotFound(int exitCode, bool isTold)
    {
        _bench.Engine.Programs["a"] = new FakeProgram { ExitCode = exitCode };
        FlowState state = (await _bench.Runner("""{"type":"container/run","id":"a","args":{"image":"busybox","cmd":["echo one && echo two"]}}""").RunAsync()).State;
        Assert.Equal((FlowStatus.Failed, exitCode), (state.OpStates[0].Status, state.OpStates[0].ExitCode));
        Assert.Equal(isTold, state.OpStates[0].Errors.Any(error => error.Message.Contains("not run by a shell", StringComparison.Ordinal)));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_ListLikeAShellLineCannotBeStarted_TheErrorSaysWhatToWrite()
    {
        string refusal = "OCI runtime create failed: exec: \"echo one\": executable file not found in $PATH";
        _bench.Engine.Programs["a"] = new FakeProgram { StartError = FakeEngine.Error(HttpStatusCode.BadRequest, refusal) };
        FlowState state = (await _bench.Runner("""{"type":"container/run","id":"a","args":{"image":"busybox","cmd":["echo one"]}}""").RunAsync()).State;
        OpError error = Assert.Single(state.OpStates[0].Errors);
        Assert.Equal((OpError.ContainerRuntime, 400), (error.Event, error.Code));
        Assert.Contains("\"cmd\": \"echo one\"", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_ManyOps_TheEgressWarningIsSaidOnceAJob()
    {
        await _bench.Runner(Op("a") + "," + Op("b") + "," + Op("c")).RunAsync();
        Assert.Single(_bench.Log.Lines, line => line.StartsWith("Warning: The egress rules are not installed", StringComparison.Ordinal));
        await _bench.Runner(Op("a")).RunAsync();
        Assert.Equal(2, _bench.Log.Lines.Count(line => line.StartsWith("Warning: The egress rules are not installed", StringComparison.Ordinal)));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_HealthCheckNeverPasses_TheLogSaysOfWhichPortAndWhatItAnswered()
    {
        _bench.Engine.Programs["a"] = FakeProgram.Service();
        int port = Ingress.UnusedPort(); // the fake engine's containers have this machine's loopback address
        string check = """{"type":"http","path":"/ready","method":"GET","expected_status":200,"continuous":false}""";
        Task<JobOutcome> run = _bench.Runner(Op("a", args: $$""" "expose":[{"port":{{port}},"health_checks":[{{check}}]}] """)).RunAsync();
        FakeContainer container = await _bench.Engine.RunningAsync("a");
        await Eventually.TrueAsync(() =>
        {
            _bench.Clock.Advance(HealthProbe.StartupInterval);
            return Complaints().Any();
        }, "a warning");
        container.Exit(0);
        await run;
        string line = Complaints().First();
        Assert.StartsWith($"Warning: Port {port} (http://", line, StringComparison.Ordinal);
        Assert.Contains($"GET http://127.0.0.1:{port}/ready: ", line, StringComparison.Ordinal);

        IEnumerable<string> Complaints() => _bench.Log.Lines.Where(line => line.Contains("has not passed its health checks", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_OpIds_AreHostNamesBesideTheAliases()
    {
        await _bench.Runner(Op("db", args: "\"aliases\":[\"store\"]") + "," + Op("not a name")).RunAsync();
        Assert.Equal(["store", "db"], AliasesOf(_bench.Engine.Made[0])!);
        Assert.Null(AliasesOf(_bench.Engine.Made[1]));

        static IEnumerable<string>? AliasesOf(FakeContainer container) => container.Request.NetworkingConfig!.EndpointsConfig!.Values.Single().Aliases;
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_RemovalFails_SuccessStaysSuccess()
    {
        _bench.Engine.CannotRemove = true;
        JobOutcome outcome = await _bench.Runner(Op("a")).RunAsync();
        Assert.Equal((FlowStatus.Success, FlowStatus.Success), (outcome.State.Status, outcome.State.OpStates[0].Status));
        Assert.Empty(outcome.State.OpStates[0].Errors);
        Assert.Single(_bench.Engine.Present);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_JournalFails_LetsGoAndThrows()
    {
        _bench.Engine.Programs["a"] = FakeProgram.Service();
        Task<JobOutcome> run = _bench.Runner(Op("a")).RunAsync();
        FakeContainer container = await _bench.Engine.RunningAsync("a");
        await Eventually.TrueAsync(() => _bench.Journal[^1].OpStates[0].ProviderId is not null, "the journaled container");
        _bench.JournalError = new IOException("disk full");
        container.Exit(0);
        Assert.Equal("disk full", (await Assert.ThrowsAsync<IOException>(() => run)).Message);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(0, "success")]
    [InlineData(137, "failed")]
    public async Task RunAsync_SomethingInTheContainerRanOutOfMemory_TheExitCodeDecides(int exitCode, string status)
    {
        _bench.Engine.Programs["a"] = new FakeProgram { OomKilled = true, ExitCode = exitCode };
        OpState op = (await _bench.Runner(Op("a")).RunAsync()).State.OpStates[0];
        Assert.Equal(status, op.Status);
        Assert.Equal(exitCode != 0, op.Errors.Any(error => error.Message.Contains("memory", StringComparison.Ordinal)));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_EngineDiskRunsShort_StopsTheOpThatFillsIt()
    {
        var greedy = new FakeProgram { EndsAtOnce = false, LayerBytes = 1L << 30 };
        _bench.Engine.Programs["greedy"] = greedy;
        _bench.Engine.Programs["modest"] = new FakeProgram { EndsAtOnce = false, LayerBytes = 1 << 20 };
        Task<JobOutcome> run = _bench.Runner(Op("greedy", "\"group\":\"g\"") + "," + Op("modest", "\"group\":\"g\"")).RunAsync();
        await _bench.Engine.RunningAsync("greedy");
        FakeContainer modest = await _bench.Engine.RunningAsync("modest");
        (_bench.Engine.DataDirectory, _bench.FreeBytes) = ("/data", new HardeningProfile().DiskReserveBytes - 1);
        await Eventually.TrueAsync(() =>
        {
            _bench.Clock.Advance(WatchDisk.Interval);
            return _bench.Engine.ContainerOf("greedy") is not { IsRunning: true };
        }, "the stop of the greedy operation");
        Assert.True(modest.IsRunning);
        modest.Exit(0);
        FlowState state = (await run).State;
        Assert.Equal(["failed", "success"], state.OpStates.Select(op => op.Status));
        Assert.Contains("bytes were left", Assert.Single(state.OpStates[0].Errors).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_JournalOfImagesBreaks_TheOperationEndsAsItDidAndItsNameIsFree()
    {
        _bench.Engine.Programs["a"] = new FakeProgram { EndsAtOnce = false };
        Task<JobOutcome> run = _bench.Runner(Op("a", args: """ "expose":80 """)).RunAsync();
        FakeContainer container = await _bench.Engine.RunningAsync("a");
        await Eventually.TrueAsync(() => _bench.Exposure.Names.Count == 1, "the name");
        _bench.Images.Journal.Dispose();
        container.Exit(0);
        OpState op = (await run).State.OpStates[0];
        Assert.Equal(("success", 0), (op.Status, op.ExitCode));
        Assert.Empty(_bench.Exposure.Names);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_Results_AreTakenFromTheOutputAndPassedOn()
    {
        _bench.Engine.Programs["a"] = new FakeProgram { Prints = ["noise", "port: 8080"] };
        string a = Op("a", members: """ "results":{"port":"(?<=port: ).*"} """);
        string b = """{"type":"container/run","id":"b","args":{"image":"busybox","cmd":["x","%%ops.a.results.port%%"]}}""";
        FlowState state = (await _bench.Runner(a + "," + b).RunAsync()).State;
        Assert.Equal("""{"port":["8080"]}""", state.OpStates[0].Results!.ToJsonString());
        Assert.Equal(["x", "8080"], _bench.Engine.Made[1].Request.Cmd!);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_PlaceholdersForTooManyPortsTogether_TheOperationThatIsOneTooManyFails()
    {
        string expose = """ "expose":"%%global.variables.PORTS%%" """;
        FlowState state = (await _bench.Runner(Op("a", args: expose) + "," + Op("b", args: expose), more: ""","global":{"variables":{"PORTS":"10001-10600"}}""").RunAsync()).State;
        Assert.Equal([FlowStatus.Success, FlowStatus.Failed], state.OpStates.Select(op => op.Status));
        Assert.Equal(
            "$input.ops[1].args.expose: the operation exposes 600 ports, with which the job has 1200; it may have 1000", Assert.Single(state.OpStates[1].Errors).Message);
        Assert.Single(_bench.Engine.Made);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("\"always\"", "unless-stopped", 0)]
    [InlineData("\"on-failure\"", "on-failure", 0)]
    [InlineData("{\"policy\":\"on-failure\",\"restart_tries\":3}", "on-failure", 3)]
    public async Task RunAsync_RestartPolicy_IsHandedToTheEngine(string json, string name, int tries)
    {
        await _bench.Runner(Op("a", args: "\"restart_policy\":" + json)).RunAsync();
        global::Docker.DotNet.Models.RestartPolicy policy = _bench.Engine.Made[0].Request.HostConfig!.RestartPolicy!;
        Assert.Equal((name, tries), (RequestText.NameOf(policy.Name), (int)policy.MaximumRetryCount));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_Volume_IsMadeForTheJobAndRemovedWithIt()
    {
        string make = """{"type":"container/create-volume","id":"v","args":{"name":"data"}}""";
        _bench.Engine.Programs["a"] = FakeProgram.Service();
        Task<JobOutcome> run = _bench.Runner(make + "," + Op("a", args: """ "volumes":[{"name":"data","dest":"/data"}] """)).RunAsync();
        FakeContainer container = await _bench.Engine.RunningAsync("a");
        Assert.Equal(("job-data", "job-data"), (Assert.Single(_bench.Engine.VolumesByName).Key, Assert.Single(container.Request.HostConfig!.Mounts!).Source));
        container.Exit(0);
        Assert.Equal(FlowStatus.Success, (await run).State.OpStates[0].Status);
        Assert.Empty(_bench.Engine.VolumesByName);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_VolumeOfAnotherJob_IsAResourceError()
    {
        _bench.Engine.VolumesByName["job-data"] = new Dictionary<string, string>();
        JobOutcome outcome = await _bench.Runner("""{"type":"container/create-volume","id":"v","args":{"name":"data"}}""").RunAsync();
        Assert.Equal(OpError.Resource, Assert.Single(outcome.State.OpStates[0].Errors).Event);
    }
}
