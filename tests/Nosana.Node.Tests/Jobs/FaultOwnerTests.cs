using System.Net;
using Nosana.Node.Jobs;
using Nosana.Node.Jobs.State;
using Nosana.Node.Tests.Support;
using Nosana.Testing;

namespace Nosana.Node.Tests.Jobs;

/// <summary>Whose fault it is that something never came: it decides whether the poster pays or gets his deposit back.</summary>
public sealed class FaultOwnerTests : IDisposable
{
    private readonly JobBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_RegistryNeverAnswers_IsTheHostsFaultOnlyWhenNobodyElseDoes(bool hearsOthers)
    {
        _bench.HearsOthers = hearsOthers;
        _bench.Engine.PullError = _ => FakeEngine.Error(HttpStatusCode.InternalServerError, "dial tcp: lookup registry.example: no such host");

        Task<JobOutcome> run = _bench.Runner(JobBench.Op("a")).RunAsync();
        await Eventually.EndsAsync(run, _bench.Clock, TimeSpan.FromSeconds(1));
        JobOutcome outcome = await run;

        Assert.Equal(hearsOthers, outcome.HostFault is null);
        Assert.Equal(FlowStatus.Failed, outcome.State.Status);
        Assert.Equal(OpError.ImagePull, Assert.Single(outcome.State.OpStates[0].Errors).Event);
    }
}
