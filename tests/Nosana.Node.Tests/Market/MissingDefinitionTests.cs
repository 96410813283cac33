using System.Text.Json.Nodes;
using Nosana.Ipfs;
using Nosana.Ipfs.UnixFs;
using Nosana.Node.Chain;
using Nosana.Node.Market;
using Nosana.Node.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.Market;

/// <summary>A job whose definition nobody has holds the host as any other does; a gateway that has nothing is not the poster's fault.</summary>
public sealed class MissingDefinitionTests : IAsyncLifetime
{
    private MarketBench _bench = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _bench = await MarketBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ServeAsync_NobodyHasTheDefinition_IsFinishedWithTheError()
    {
        Cid cid = UnixFsNode.CidOf("never pinned"u8.ToArray());

        JobAccount job = await ServeAsync(cid);

        Assert.Equal(JobState.Done, job.State);
        JsonNode result = JsonNode.Parse(_bench.Server.Content.Find(Cid.FromDigest(job.IpfsResult))!.Content.Span)!;
        Assert.Equal("failed", (string?)result["status"]);
        Assert.Contains(cid.ToString(), result["errors"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(_bench.Bench.Engine.Made);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ServeAsync_GatewayHasNothing_IsGivenBack()
    {
        _bench.Server.Faults.GatewayDown = true;

        JobAccount job = await ServeAsync(UnixFsNode.CidOf("never pinned"u8.ToArray()));

        Assert.Equal((JobState.Stopped, false), (job.State, job.HasResult));
    }

    private async Task<JobAccount> ServeAsync(Cid definition)
    {
        PublicKey job = await _bench.Poster.ListAsync(definition, _bench.Slot.Market, 3600, Cancel);
        await _bench.Queue.JoinAsync(Cancel);
        ObservedRun run = Assert.Single(await _bench.Chain.RunsOfNodeAsync(_bench.Wallet.Address, Cancel));
        Task<RunOutcome> serving = _bench.Session.ServeAsync(run, _bench.Slot, Cancel);
        await Eventually.EndsAsync(serving, _bench.Clock, TimeSpan.FromMilliseconds(500));
        await serving;
        return await _bench.JobAsync(job);
    }
}
