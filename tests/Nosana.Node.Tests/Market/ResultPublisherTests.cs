using Nosana.Ipfs;
using Nosana.Ipfs.UnixFs;
using Nosana.Node.Jobs.State;
using Nosana.Node.Journal;
using Nosana.Node.Market;
using Nosana.Node.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.Market;

/// <summary>What becomes of a run whose result the pinning service does not want.</summary>
public sealed class ResultPublisherTests : IAsyncLifetime
{
    private MarketBench _bench = null!;
    private PublicKey _job;

    private static CancellationToken Cancel => MarketBench.Cancel;

    public async ValueTask InitializeAsync()
    {
        _bench = await MarketBench.StartAsync();
        _bench.Bench.Engine.Programs["a"] = new FakeProgram { Prints = [.. Enumerable.Range(0, 2000).Select(i => $"{i} {new string('x', 160)}")] };
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task PublishAsync_ServiceTakesLess_GetsTheNewestOutputThatFits()
    {
        _bench.Server.Faults.PinningMaxBytes = 200_000;
        JobAccount done = await ServeAsync();
        byte[] pinned = _bench.Server.Content.Find(Cid.FromDigest(done.IpfsResult))!.Content.ToArray();
        Assert.InRange(pinned.Length, 100_000, 200_000);
        Assert.Equal(pinned, _bench.Journal.FindResult(Run().Run));
        OpState op = ResultJson.Read(pinned).OpStates[0];
        Assert.StartsWith("1999 ", op.Logs[^1].Log, StringComparison.Ordinal);
        Assert.Equal(2001 - op.Logs.Count, op.LogsDropped!.Lines);
        Assert.Empty(_bench.Journal.Owing(ResultDebt.Pin));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task PublishAsync_ServiceTakesNothing_IsSettledWithTheLeastThereIs()
    {
        _bench.Server.Faults.PinningMaxBytes = 10;
        JobAccount done = await ServeAsync();
        byte[] kept = _bench.Journal.FindResult(Run().Run)!;
        Assert.Equal(UnixFsNode.CidOf(kept), Cid.FromDigest(done.IpfsResult));
        Assert.Equal("nodeerr", Assert.Single(ResultJson.Read(kept).OpStates[0].Logs).Type);
        Assert.Empty(_bench.Journal.Owing(ResultDebt.Pin));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task PublishAsync_CredentialIsRefused_IsSettledWholeAndPinnedWhenItIsTaken()
    {
        _bench.Server.Faults.PinningUnauthorized = true;
        JobAccount done = await ServeAsync();
        Cid cid = Cid.FromDigest(done.IpfsResult);
        Assert.Equal(2000, ResultJson.Read(_bench.Journal.FindResult(Run().Run)).OpStates[0].Logs.Count);
        Assert.Null(_bench.Server.Content.Find(cid));
        await _bench.Settling.WorkAsync(Cancel);
        Assert.Null(_bench.Settling.Problem);
        _bench.Clock.Advance(OwedResults.Patience + TimeSpan.FromSeconds(1));
        Assert.Contains("the pinning service has not taken a result", _bench.Settling.Problem, StringComparison.Ordinal);
        _bench.Server.Faults.PinningUnauthorized = false;
        await _bench.Settling.WorkAsync(Cancel);
        Assert.Null(_bench.Settling.Problem);
        Assert.NotNull(_bench.Server.Content.Find(cid));
        Assert.Empty(_bench.Journal.Owing(ResultDebt.Pin));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task WorkAsync_OwedResultIsTooLargeForTheService_IsNotAskedForEver()
    {
        _bench.Server.Faults.PinningUnauthorized = true;
        await ServeAsync();
        _bench.Server.Faults.PinningMaxBytes = 10;
        await _bench.Settling.WorkAsync(Cancel);
        Assert.Empty(_bench.Journal.Owing(ResultDebt.Pin));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task PublishAsync_ServiceIsDown_PosterPaysForNoMoreThanTheTimeOfTheTries()
    {
        _bench.Server.Faults.PinningDown = true;
        JobAccount done = await ServeAsync(TimeSpan.FromMilliseconds(250));
        Assert.InRange(done.TimeEnd - done.TimeStart, 0, 60);
        Cid cid = Cid.FromDigest(done.IpfsResult);
        Assert.Equal(UnixFsNode.CidOf(_bench.Journal.FindResult(Run().Run)!), cid);
        Assert.Null(_bench.Server.Content.Find(cid));
        await _bench.Settling.WorkAsync(Cancel);
        _bench.Server.Faults.PinningDown = false;
        _bench.Clock.Advance(TimeSpan.FromMinutes(1));
        await _bench.Settling.WorkAsync(Cancel);
        Assert.NotNull(_bench.Server.Content.Find(cid));
        Assert.Empty(_bench.Journal.Owing(ResultDebt.Pin));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task WorkAsync_NoGatewayServesWhatIsPinned_IsKeptAndOfferedAgainUntilOneDoes()
    {
        JobAccount done = await ServeAsync();
        Cid cid = Cid.FromDigest(done.IpfsResult);
        _bench.Server.Faults.GatewayDown = true;
        _bench.Server.Content.Remove(cid); // the service has lost it
        for (int look = 0; look < 4; look++) await LookAsync();
        Assert.Null(_bench.Server.Content.Find(cid));
        await LookAsync();
        Assert.NotNull(_bench.Server.Content.Find(cid));
        Assert.Equal(ResultDebt.Gateway, Run().Debt);
        Assert.Null(_bench.Settling.Problem);
        _bench.Server.Faults.GatewayDown = false;
        await LookAsync();
        Assert.Equal(ResultDebt.None, Run().Debt);

        async Task LookAsync()
        {
            _bench.Clock.Advance(TimeSpan.FromHours(1));
            await _bench.Settling.WorkAsync(Cancel);
        }
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task WorkAsync_GatewayServesOtherBytes_IsStillOwed()
    {
        await ServeAsync();
        _bench.Server.Faults.GatewayWrongBytes = true;
        await _bench.Settling.WorkAsync(Cancel);
        Assert.Equal(ResultDebt.Gateway, Run().Debt);
    }

    /// <returns>The job as the chain has it then.</returns>
    private async Task<JobAccount> ServeAsync(TimeSpan? pace = null)
    {
        (_job, _) = await _bench.ClaimAsync();
        Task step = _bench.Worker().StepAsync(Cancel);
        await Eventually.EndsAsync(step, _bench.Clock, pace ?? TimeSpan.FromMilliseconds(10));
        await step;
        JobAccount done = await _bench.JobAsync(_job);
        Assert.Equal(JobState.Done, done.State);
        return done;
    }

    private RunRecord Run() => _bench.Journal.FindRunOfJob(_job)!;
}
