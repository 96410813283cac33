using Nosana.Node.Chain;
using Nosana.Node.Market;
using Nosana.Node.Posting;
using Nosana.Node.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.Posting;

public sealed class JobPosterTests : IAsyncLifetime
{
    private MarketBench _bench = null!;

    private static CancellationToken Cancel => MarketBench.Cancel;

    public async ValueTask InitializeAsync() => _bench = await MarketBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ListAsync_NotEnoughNos_SaysHowMuchIsAskedAndThere()
    {
        PosterException refused = await Assert.ThrowsAsync<PosterException>(() => _bench.ListAsync(timeout: 100_000_000_000));
        Assert.Contains("10000000", refused.Message.Replace(",", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("shorter timeout", refused.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(long.MaxValue)]
    [InlineData(-1)]
    public async Task ListAsync_TimeoutThatNobodyCanPay_SaysSo(long timeout) =>
        Assert.Contains("timeout", (await Assert.ThrowsAsync<PosterException>(() => _bench.ListAsync(timeout: timeout))).Message, StringComparison.Ordinal);

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ListAsync_NoTokenAccount_SaysSo()
    {
        _bench.CloseAccount(_bench.Chain.Programs.NosTokenAccount(_bench.Server.Keys.Poster.PublicKey));
        Assert.Contains("no NOS token account", (await Assert.ThrowsAsync<PosterException>(() => _bench.ListAsync())).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ListAsync_NoSuchMarket_SaysSo()
    {
        using var nowhere = new Account();
        await Assert.ThrowsAsync<MarketGoneException>(() => _bench.Poster.ListAsync(_bench.Pin("{}"), nowhere.PublicKey, 60, Cancel));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task EndAsync_QueuedJob_PointsToDelist()
    {
        PublicKey job = await _bench.ListAsync();
        Assert.Contains("job delist", (await Assert.ThrowsAsync<PosterException>(() => _bench.Poster.EndAsync(job, Cancel))).Message, StringComparison.Ordinal);
        ulong before = await _bench.NosAsync(_bench.Server.Keys.Poster.PublicKey);
        await _bench.Poster.DelistAsync(job, Cancel);
        Assert.Equal(before + (100UL * 3600), await _bench.NosAsync(_bench.Server.Keys.Poster.PublicKey));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task EndAsync_EndedJob_SaysItsState()
    {
        (PublicKey job, ObservedRun _) = await _bench.ClaimAsync();
        await _bench.Poster.EndAsync(job, Cancel);
        Assert.Contains("COMPLETED", (await Assert.ThrowsAsync<PosterException>(() => _bench.Poster.EndAsync(job, Cancel))).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task RecoverAsync_RunningJob_SaysItsState()
    {
        (PublicKey job, ObservedRun _) = await _bench.ClaimAsync();
        Assert.Contains("RUNNING", (await Assert.ThrowsAsync<PosterException>(() => _bench.Poster.RecoverAsync(job, Cancel))).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task EndAsync_UnknownJob_SaysSo()
    {
        using var nobody = new Account();
        Assert.Contains("does not exist", (await Assert.ThrowsAsync<PosterException>(() => _bench.Poster.EndAsync(nobody.PublicKey, Cancel))).Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(0)]
    [InlineData(-60)]
    [InlineData(long.MaxValue)]
    public async Task ExtendAsync_NoSeconds_SaysSo(long seconds)
    {
        PublicKey job = await _bench.ListAsync();
        await Assert.ThrowsAsync<PosterException>(() => _bench.Poster.ExtendAsync(job, seconds, Cancel));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ExtendAsync_RunningJob_PaysForTheSeconds()
    {
        (PublicKey job, ObservedRun _) = await _bench.ClaimAsync();
        ulong before = await _bench.NosAsync(_bench.Server.Keys.Poster.PublicKey);
        Assert.Equal(3660, await _bench.Poster.ExtendAsync(job, 60, Cancel));
        Assert.Equal(3660, (await _bench.JobAsync(job)).Timeout);
        Assert.Equal(before - (100UL * 60), await _bench.NosAsync(_bench.Server.Keys.Poster.PublicKey));
    }

    [Theory]
    [InlineData(JobState.Queued, false, "QUEUED")]
    [InlineData(JobState.Queued, true, "RUNNING")]
    [InlineData(JobState.Done, false, "COMPLETED")]
    [InlineData(JobState.Stopped, false, "STOPPED")]
    [InlineData((JobState)9, false, "UNKNOWN (9)")]
    public void StateWord_IsThatOfTheNetworksClients(JobState state, bool running, string word) => Assert.Equal(word, JobPoster.StateWord(new JobAccount { State = state }, running));
}
