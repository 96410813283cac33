using System.Text.Json.Nodes;
using Nosana.Ipfs;
using Nosana.Ipfs.Http;
using Nosana.Node.Chain;
using Nosana.Node.Posting;
using Nosana.Node.Tests.Support;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.Posting;

public sealed class JobEndingTests : IAsyncLifetime
{
    private readonly HttpClient _http = new();
    private MarketBench _bench = null!;

    private static CancellationToken Cancel => MarketBench.Cancel;

    private JobEnding Ending => new(
        _bench.Chain,
        new IpfsGatewayClient(_http, new IpfsGatewayOptions { Gateways = [_bench.Server.GatewayUri], RetryDelay = TimeSpan.FromMilliseconds(1) }),
        _bench.Clock);

    public async ValueTask InitializeAsync() => _bench = await MarketBench.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        _http.Dispose();
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ReadAsync_GivenBack_ByWhomAndHowToRecover()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        await _bench.Settlement.QuitAsync(run.Address, job, Cancel);

        (JobEnd? end, JsonNode? result) = await Ending.ReadAsync(await Ending.WaitAsync(job, Cancel), Cancel);

        Assert.Equal(JobEndKind.GivenBack, end!.Kind);
        Assert.Contains(end.Reasons, reason => reason.Contains(_bench.Wallet.Address, StringComparison.Ordinal));
        Assert.Contains(end.Reasons, reason => reason.Contains($"job recover {job}", StringComparison.Ordinal));
        Assert.Null(result);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ReadAsync_Finished_WhatTheResultSays()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        Cid pinned = _bench.Pin("""{"status":"failed","opStates":[{"operationId":"a","status":"failed","exitCode":7}]}""");
        await _bench.Settlement.FinishAsync(run.Address, job, pinned, Cancel);

        (JobEnd? end, JsonNode? result) = await Ending.ReadAsync(await Ending.WaitAsync(job, Cancel), Cancel);

        Assert.Equal((JobEndKind.Failed, "operation 'a' failed with exit code 7"), (end!.Kind, Assert.Single(end.Reasons)));
        Assert.Equal("failed", result!["status"]!.GetValue<string>());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ReadAsync_ResultIsNotJsonOrNotThere_NobodyKnows()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        await _bench.Settlement.FinishAsync(run.Address, job, _bench.Pin("not JSON"), Cancel);
        (JobEnd? end, _) = await Ending.ReadAsync(await Ending.WaitAsync(job, Cancel), Cancel);
        Assert.Equal(JobEndKind.Unknown, end!.Kind);
        Assert.Contains("not JSON", Assert.Single(end.Reasons), StringComparison.Ordinal);

        (job, run) = await _bench.ClaimAsync();
        var nowhere = Cid.FromDigest([.. Enumerable.Repeat((byte)7, Cid.DigestLength)]);
        await _bench.Settlement.FinishAsync(run.Address, job, nowhere, Cancel);
        (end, _) = await Ending.ReadAsync(await Ending.WaitAsync(job, Cancel), Cancel);
        Assert.Equal(JobEndKind.Unknown, end!.Kind);
        Assert.Contains(nowhere.ToString(), Assert.Single(end.Reasons), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ReadAsync_QueuedOrRunning_NoEnd()
    {
        var search = new JobSearch(_bench.Chain);
        PublicKey queued = await _bench.ListAsync();
        Assert.Equal((null, null), await Ending.ReadAsync(await search.RequireAsync(queued, Cancel), Cancel));
        await _bench.Poster.DelistAsync(queued, Cancel);
        (PublicKey running, _) = await _bench.ClaimAsync();
        Assert.Equal((null, null), await Ending.ReadAsync(await search.RequireAsync(running, Cancel), Cancel));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task WaitAsync_EndedByItsPosterAndNoResultComes_StoppedAfterAWhile()
    {
        (PublicKey job, ObservedRun _) = await _bench.ClaimAsync();
        await _bench.Poster.EndAsync(job, Cancel);

        Task<FoundJob> waiting = Ending.WaitAsync(job, Cancel);
        await Eventually.EndsAsync(waiting, _bench.Clock, JobEnding.ResultGrace / 4);

        Assert.Equal(JobEndKind.Stopped, (await Ending.ReadAsync(await waiting, Cancel)).End!.Kind);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task WaitAsync_TakenBackMeanwhile_SaysSo()
    {
        PublicKey job = await _bench.ListAsync();
        Task<FoundJob> waiting = Ending.WaitAsync(job, Cancel);
        await Eventually.TrueAsync(() => _bench.Clock.ActiveTimers > 0, "it waits");
        await _bench.Poster.DelistAsync(job, Cancel);
        await Eventually.EndsAsync(waiting, _bench.Clock, JobEnding.PollInterval);

        Assert.Contains("took it back", (await Assert.ThrowsAsync<PosterException>(() => waiting)).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ListedAsync_NoNodeKnowsIt_GivesUpAfterAWhile()
    {
        using var nowhere = new Account();
        Task<FoundJob> waiting = Ending.ListedAsync(nowhere.PublicKey, Cancel);
        await Eventually.EndsAsync(waiting, _bench.Clock, JobEnding.ListingGrace / 4);
        Assert.Contains(nowhere.PublicKey.Key, (await Assert.ThrowsAsync<PosterException>(() => waiting)).Message, StringComparison.Ordinal);
    }
}
