using Microsoft.AspNetCore.Http;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.State;
using Nosana.Node.Tests.Engine.Resources;
using Nosana.Node.Tests.Support;
using Nosana.Testing;
using static Nosana.Node.Tests.Support.JobBench;

namespace Nosana.Node.Tests.Jobs;

/// <summary>Jobs whose time goes by before a container of theirs runs: paid for, and never a success.</summary>
public sealed class UnpreparedJobTests : IAsyncLifetime
{
    private const string Resource = "\"resources\":[{\"type\":\"S3\",\"url\":\"https://files.example/\",\"files\":[\"f\"],\"target\":\"/data\"}]";

    private RemoteServer _server = null!;
    private JobBench _bench = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await RemoteServer.StartAsync();
        _bench = new JobBench(null, null, new Mirror("https://files.example", _server.Url));
    }

    public async ValueTask DisposeAsync()
    {
        _bench.Dispose();
        await _server.DisposeAsync();
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_ExpiredWhilePulling_IsFailedAndSaysWhatNeverCame()
    {
        _bench.Engine.SlowPull = new TaskCompletionSource();
        FlowState state = await ExpireAsync(Op("a") + "," + Op("b"), () => _bench.Engine.PullProgress is not null);

        Assert.Equal(FlowStatus.Failed, state.Status);
        Assert.Equal([FlowStatus.Failed, FlowStatus.Failed], state.OpStates.Select(op => op.Status));
        Assert.True(state.OpStates[0].Diagnostics.Reason.JobExpired);
        OpError error = Assert.Single(state.OpStates[0].Errors);
        Assert.Equal(
            (OpError.ImagePull, "The operation was stopped before its container ran: image busybox was being pulled, and 0.0 of 0.0 MB had come."),
            (error.Event, error.Message));
        Assert.Equal("The job's time was up before this host could start it.", Assert.Single(state.OpStates[1].Errors).Message);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_ExpiredWhileTheRegistryIsTriedAgain_TheLastProblemIsTold()
    {
        _bench.Engine.PullError = _ => FakeEngine.Error(System.Net.HttpStatusCode.InternalServerError, "dial tcp: lookup registry.example: no such host");
        FlowState state = await ExpireAsync(Op("a"), () =>
        {
            _bench.Clock.Advance(TimeSpan.FromSeconds(1));
            return _bench.Engine.Shelf.Requests.Count(request => request.StartsWith("pull", StringComparison.Ordinal)) > 1;
        });

        Assert.Equal(FlowStatus.Failed, state.Status);
        Assert.Contains("(the last problem: Image docker.io/library/busybox:latest cannot be pulled: dial tcp: lookup registry.example: no such host.",
            Assert.Single(state.OpStates[0].Errors).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_ExpiredWhileAResourceIsTriedAgain_TheLastProblemIsTold()
    {
        bool isAsked = false;
        _server.First = context =>
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            isAsked = true;
            return Task.FromResult(true);
        };
        FlowState state = await ExpireAsync(Op("a", args: Resource), () => isAsked);

        Assert.Equal(FlowStatus.Failed, state.Status);
        OpError error = Assert.Single(state.OpStates[0].Errors);
        Assert.Equal(OpError.Resource, error.Event);
        Assert.StartsWith("The operation was stopped before its container ran: the resource for /data was being fetched", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_ExpiredBeforeTheFirstOperation_IsFailed()
    {
        JobRunner runner = _bench.Runner(Op("a"));
        _bench.Control.Stop(StopReason.Expired);
        FlowState state = (await runner.RunAsync()).State;

        Assert.Equal((FlowStatus.Failed, FlowStatus.Failed), (state.Status, state.OpStates[0].Status));
        Assert.True(state.OpStates[0].Diagnostics.Reason.JobExpired);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_ExpiredWhileTheSecondOperationPulls_TheFirstStaysASuccessAndTheFlowIsNone()
    {
        _bench.Engine.Programs["a"] = FakeProgram.Service();
        string later = """{"type":"container/run","id":"b","args":{"image":"later"}}""";
        Task<JobOutcome> run = _bench.Runner(Op("a") + "," + later).RunAsync();
        FakeContainer a = await _bench.Engine.RunningAsync("a");
        _bench.Engine.SlowPull = new TaskCompletionSource();
        a.Exit(0);
        await Eventually.TrueAsync(() => _bench.Engine.Shelf.Requests.Contains("pull docker.io/library/later:latest"), "the second pull");
        _bench.Control.Stop(StopReason.Expired);
        FlowState state = (await run).State;

        Assert.Equal([FlowStatus.Success, FlowStatus.Failed], state.OpStates.Select(op => op.Status));
        Assert.Equal(FlowStatus.Failed, state.Status);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_RegistryIsTriedUntilThePullStandsStill_TheLastProblemIsTheCause()
    {
        _bench.Engine.SlowPull = new TaskCompletionSource();
        Task<JobOutcome> run = _bench.Runner(Op("a"), timeout: TimeSpan.FromHours(1)).RunAsync();
        await Eventually.EndsAsync(run, _bench.Clock, TimeSpan.FromSeconds(10));

        // The engine's pull is given up for its silence before the job's patience ends: that is what the tries have met.
        string message = Assert.Single((await run).State.OpStates[0].Errors).Message;
        Assert.Contains("next to nothing has come", message, StringComparison.Ordinal);
    }

    private async Task<FlowState> ExpireAsync(string ops, Func<bool> until)
    {
        Task<JobOutcome> run = _bench.Runner(ops, timeout: TimeSpan.FromHours(1)).RunAsync();
        await Eventually.TrueAsync(until, "the preparation");
        _bench.Control.Stop(StopReason.Expired);
        JobOutcome outcome = await run;
        Assert.Empty(_bench.Engine.Made);
        return outcome.State;
    }
}
