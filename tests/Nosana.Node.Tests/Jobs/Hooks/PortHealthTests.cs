using System.Net;
using Microsoft.AspNetCore.Http;
using Nosana.Docker;
using Nosana.JobDefinition.Exposure;
using Nosana.Node.Exposure;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.State;
using Nosana.Node.Tests.Exposure;
using Nosana.Node.Tests.Support;
using Nosana.Testing;
using static Nosana.Node.Tests.Support.JobBench;

namespace Nosana.Node.Tests.Jobs.Hooks;

/// <summary>Exposed ports of a running job: their names, where they lead, and containers that are restarted by their health checks.</summary>
public sealed class PortHealthTests : IDisposable
{
    private readonly JobBench _bench = new();
    private int _status = 200;

    public void Dispose() => _bench.Dispose();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ContinuousCheckFails_TheContainerIsRestartedInPlaceAsOftenAsItMayBe()
    {
        await using ContainerStub server = await ServerAsync();
        Task<JobOutcome> run = _bench.Runner(Service(server, "\"restart_on_failure\":true,\"max_restarts\":2") + "," + Dependent).RunAsync();
        FakeContainer container = await _bench.Engine.RunningAsync("a");
        await PassingAsync(() => Online() == 1 && _bench.Engine.Made.Count == 2, "the port online, and its dependent started");

        for (int restart = 1; restart <= 2; restart++)
        {
            Volatile.Write(ref _status, 500);
            await PassingAsync(() => container.Starts == restart + 1, $"restart {restart}");
            Volatile.Write(ref _status, 200);
            await PassingAsync(() => Online() == restart + 1, "the port online again");
            Assert.Contains(_bench.Log.Lines, line => line.Contains($"the container is restarted ({restart}/2)", StringComparison.Ordinal));
        }
        Volatile.Write(ref _status, 500);
        await PassingAsync(() => _bench.Log.Lines.Any(line => line.Contains("is left alone", StringComparison.Ordinal)), "the end of its restarts");
        Assert.True(container.IsRunning);
        container.Exit(0);

        FlowState state = (await run).State;
        Assert.Equal(["success", "success"], state.OpStates.Select(op => op.Status));
        Assert.Equal((3, 2), (container.Starts, _bench.Engine.Made.Count));
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("\"restart_on_failure\":false")]
    [InlineData("\"restart_on_failure\":true,\"max_restarts\":0")]
    public async Task ContinuousCheckFails_NotToRestart_TheContainerIsLeftAlone(string restart)
    {
        await using ContainerStub server = await ServerAsync();
        Task<JobOutcome> run = _bench.Runner(Service(server, restart)).RunAsync();
        FakeContainer container = await _bench.Engine.RunningAsync("a");
        await PassingAsync(() => Online() == 1, "the port online");
        Volatile.Write(ref _status, 500);
        int before = server.Requests;
        await PassingAsync(() => server.Requests >= before + 3, "three failing probes");
        Assert.Equal(1, container.Starts);
        container.Exit(0);
        Assert.Equal("success", (await run).State.Status);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task StartupCheckFails_NeverRestarts()
    {
        _status = 500;
        await using ContainerStub server = await ServerAsync();
        Task<JobOutcome> run = _bench.Runner(Service(server, "\"restart_on_failure\":true")).RunAsync();
        FakeContainer container = await _bench.Engine.RunningAsync("a");
        await PassingAsync(() => server.Requests >= 10, "ten failing probes");
        Assert.Equal(1, container.Starts);
        container.Exit(0);
        await run;
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Restart_OfAnOperationWithATimeout_BeginsItAnew()
    {
        const int Limit = 200;
        await using ContainerStub server = await ServerAsync();
        Task<JobOutcome> run = _bench.Runner(Service(server, "\"restart_on_failure\":true", $"\"timeout\":{Limit}")).RunAsync();
        FakeContainer container = await _bench.Engine.RunningAsync("a");
        DateTimeOffset began = _bench.Clock.GetUtcNow();
        await PassingAsync(() => Online() == 1, "the port online");
        Volatile.Write(ref _status, 500);
        await PassingAsync(() => container.Starts == 2, "the restart");
        DateTimeOffset again = _bench.Clock.GetUtcNow();
        Volatile.Write(ref _status, 200);
        await PassingAsync(() => run.IsCompleted, "the end by its limit");
        Assert.InRange(_bench.Clock.GetUtcNow() - began, again - began + TimeSpan.FromSeconds(Limit - 10), TimeSpan.MaxValue);
        Assert.Equal("success", (await run).State.OpStates[0].Status);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Restart_ThatTheEngineRefuses_LeavesTheContainerAndProbesNoMore()
    {
        var program = FakeProgram.Service();
        program.RestartError = new DockerApiException(HttpStatusCode.InternalServerError, "no");
        _bench.Engine.Programs["a"] = program;
        await using ContainerStub server = await ServerAsync();
        Task<JobOutcome> run = _bench.Runner(Service(server, "\"restart_on_failure\":true")).RunAsync();
        FakeContainer container = await _bench.Engine.RunningAsync("a");
        await PassingAsync(() => Online() == 1, "the port online");
        Volatile.Write(ref _status, 500);
        await PassingAsync(() => _bench.Log.Lines.Any(line => line.Contains("could not be restarted", StringComparison.Ordinal)), "the refused restart");
        Assert.True(container.IsRunning);
        container.Exit(0);
        Assert.Equal("success", (await run).State.Status);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Container_MovedByTheEngine_IsFoundAgainByItsNames()
    {
        _bench.Engine.Programs["a"] = FakeProgram.Service();
        Task<JobOutcome> run = _bench.Runner(Op("a", args: """ "expose":80 """)).RunAsync();
        FakeContainer container = await _bench.Engine.RunningAsync("a");
        string name = ExposeId.ForPort(0, 80, JobId) + ".localhost";
        await Eventually.TrueAsync(() => _bench.Exposure.Find(name)?.Destination is not null, "the name");
        Assert.Equal("127.0.0.1", _bench.Exposure.Find(name)!.Destination!.Host);

        container.Address = "127.0.0.9";
        await PassingAsync(() => _bench.Exposure.Find(name)!.Destination!.Host == "127.0.0.9", "the new address by the clock");
        container.Address = "127.0.0.8";
        _bench.Clock.Advance(TimeSpan.FromSeconds(2));
        _bench.Exposure.Find(name)!.ReportUnreachable();
        await Eventually.TrueAsync(() => _bench.Exposure.Find(name)!.Destination!.Host == "127.0.0.8", "the new address by a client's failure");

        container.Exit(0);
        await run;
        Assert.True(_bench.Exposure.IsGone(name));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Names_WhileTheImageIsFetched_AreAnnounced()
    {
        _bench.Engine.Programs["a"] = FakeProgram.Service();
        string name = ExposeId.ForPort(0, 80, JobId) + ".localhost";
        ExposedName? seen = null;
        _bench.Engine.Starting = () => seen = _bench.Exposure.Find(name);
        Task<JobOutcome> run = _bench.Runner(Op("a", args: """ "expose":80 """)).RunAsync();
        FakeContainer container = await _bench.Engine.RunningAsync("a");
        await Eventually.TrueAsync(() => _bench.Exposure.Find(name)?.Destination is not null, "the name");
        container.Exit(0);
        await run;
        Assert.NotNull(seen);
        Assert.Null(seen.Destination);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData("80", "0:80")]
    [InlineData("[80,90]", "80:80 0:80 90:90")]
    public async Task Names_InADeployment_AreOfEachPortAndTheShownOneOfTheFirst(string expose, string expected)
    {
        _bench.Engine.Programs["a"] = FakeProgram.Service();
        Task<JobOutcome> run = _bench.Runner(Op("a", args: $"\"expose\":{expose}"), more: ""","deployment_id":"dep" """).RunAsync();
        FakeContainer container = await _bench.Engine.RunningAsync("a");
        string hash = ExposeId.DeploymentHash("dep", "project");
        foreach (string pair in expected.Split(' '))
        {
            int[] ports = [.. pair.Split(':').Select(int.Parse)];
            string name = ExposeId.Hash($"a:{ports[0]}:{hash}") + ".localhost";
            await Eventually.TrueAsync(() => _bench.Exposure.Find(name)?.Destination is not null, pair);
            Assert.Equal(ports[1], _bench.Exposure.Find(name)!.Destination!.Port);
        }
        Assert.Equal(expected.Split(' ').Length + expose.Count(c => c == ',') + 1, _bench.Exposure.Names.Count);
        container.Exit(0);
        await run;
    }

    private static string Dependent => Op("b", "\"group\":\"g\",\"depends_on\":[\"a\"]");

    private static string Service(ContainerStub server, string more, string execution = "\"group\":\"g\"") =>
        Op("a", execution, $$"""
            "expose":[{"port":{{server.Address.Port}},"health_checks":[{"type":"http","path":"/live","method":"GET","expected_status":200,"continuous":true,{{more}}}]}]
            """);

    private Task<ContainerStub> ServerAsync()
    {
        if (!_bench.Engine.Programs.ContainsKey("a")) _bench.Engine.Programs["a"] = FakeProgram.Service();
        return ContainerStub.StartAsync(context =>
        {
            context.Response.StatusCode = Volatile.Read(ref _status);
            return Task.CompletedTask;
        });
    }

    private int Online() => _bench.Log.Lines.Count(line => line.Contains(" is ONLINE", StringComparison.Ordinal));

    private Task PassingAsync(Func<bool> isSo, string what) => Eventually.TrueAsync(() =>
    {
        if (isSo()) return true;
        _bench.Clock.Advance(TimeSpan.FromSeconds(1));
        return false;
    }, what);
}
