using System.Net;
using Microsoft.AspNetCore.Http;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.State;
using Nosana.Node.Tests.Engine.Resources;
using Nosana.Node.Tests.Support;
using Nosana.Testing;

namespace Nosana.Node.Tests.Jobs;

/// <summary>Whose fault it is that something never came: it decides whether the poster pays or gets his deposit back.</summary>
public sealed class FaultOwnerTests : IAsyncLifetime
{
    private static readonly string Op = JobBench.Op("a", args: "\"resources\":[{\"type\":\"S3\",\"url\":\"https://files.example/\",\"files\":[\"f\"],\"target\":\"/data\"}]");

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

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_RegistryNeverAnswers_IsTheHostsFaultOnlyWhenNobodyElseDoes(bool hearsOthers)
    {
        _bench.HearsOthers = hearsOthers;
        _bench.Engine.PullError = _ => FakeEngine.Error(HttpStatusCode.InternalServerError, "dial tcp: lookup registry.example: no such host");

        JobOutcome outcome = await RunAsync(JobBench.Op("a"));

        Assert.Equal(hearsOthers, outcome.HostFault is null);
        Assert.Equal(FlowStatus.Failed, outcome.State.Status);
        Assert.Equal(OpError.ImagePull, Assert.Single(outcome.State.OpStates[0].Errors).Event);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_PullStandsStill_EndsAfterAQuarterOfTheJobsTime(bool hearsOthers)
    {
        _bench.HearsOthers = hearsOthers;
        _bench.Engine.SlowPull = new TaskCompletionSource();

        JobOutcome outcome = await RunAsync(JobBench.Op("a"));

        Assert.Equal(hearsOthers, outcome.HostFault is null);
        OpError error = Assert.Single(outcome.State.OpStates[0].Errors);
        Assert.Equal(OpError.ImagePull, error.Event);
        Assert.Contains("it has not got on for 30 s", error.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_SourceNeverAnswers_IsTheHostsFaultOnlyWhenNobodyElseDoes(bool hearsOthers)
    {
        _bench.HearsOthers = hearsOthers;
        Answer(context => context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable);

        JobOutcome outcome = await RunAsync(Op);

        Assert.Equal(hearsOthers, outcome.HostFault is null);
        OpError error = Assert.Single(outcome.State.OpStates[0].Errors);
        Assert.Equal(OpError.Resource, error.Event);
        // A quarter of the job's two minutes.
        Assert.Contains("has not got on for 30 s", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RunAsync_ThreeTerabytesAnnounced_IsTheDefinitionsFaultWhoeverAnswers()
    {
        _bench.HearsOthers = false;
        Answer(context => context.Response.ContentLength = 3L << 40);

        JobOutcome outcome = await _bench.Runner(Op).RunAsync();

        Assert.Null(outcome.HostFault);
        Assert.Equal(FlowStatus.Failed, outcome.State.Status);
        Assert.Contains("3298534883328 bytes", Assert.Single(outcome.State.OpStates[0].Errors).Message, StringComparison.Ordinal);
        Assert.Empty(_bench.Engine.Made);
    }

    private void Answer(Action<HttpContext> answer) => _server.First = context =>
    {
        answer(context);
        return Task.FromResult(true);
    };

    private async Task<JobOutcome> RunAsync(string ops)
    {
        Task<JobOutcome> run = _bench.Runner(ops, timeout: TimeSpan.FromMinutes(2)).RunAsync();
        await Eventually.EndsAsync(run, _bench.Clock, TimeSpan.FromSeconds(1));
        return await run;
    }
}
