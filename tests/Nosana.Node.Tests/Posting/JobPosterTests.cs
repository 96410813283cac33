using Nosana.LocalNet.Runtime;
using Nosana.Node.Chain;
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
        SetLongest(0);
        PosterException refused = await Assert.ThrowsAsync<PosterException>(() => _bench.ListAsync(timeout: 100_000_000_000));
        Assert.Contains("10000000", refused.Message.Replace(",", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("shorter timeout", refused.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(0, 0, "at least 1")]
    [InlineData(0, -5, "at least 1")]
    [InlineData(0, long.MaxValue, "shorter timeout")]
    [InlineData(7200, 7201, "at most 7200")]
    [InlineData(7200, long.MaxValue, "at most 7200")]
    public async Task TermsAsync_TimeoutThatIsNotOne_SaysWhatIs(long longest, long timeout, string expected)
    {
        SetLongest(longest);
        PosterInputException refused = await Assert.ThrowsAsync<PosterInputException>(() => _bench.Poster.TermsAsync(_bench.Slot.Market, timeout, Cancel));
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Contains(timeout.ToString(System.Globalization.CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(7200, null, 3600)]
    [InlineData(1800, null, 1800)]
    [InlineData(0, null, 3600)]
    [InlineData(7200, 7200L, 7200)]
    [InlineData(7200, 1L, 1)]
    public async Task TermsAsync_NoTimeoutOrOneThatIs_TheSecondsAndTheirPrice(long longest, long? timeout, long seconds)
    {
        SetLongest(longest);
        Assert.Equal(
            new ListingTerms(_bench.Slot.Market, seconds, 100UL * (ulong)seconds), await _bench.Poster.TermsAsync(_bench.Slot.Market, timeout, Cancel));
    }

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
    public async Task EveryWord_JobInTheWrongState_SaysTheStateAndWhatCanBeDone()
    {
        PublicKey queued = await _bench.ListAsync();
        await AssertWrongAsync(() => _bench.Poster.EndAsync(queued, Cancel), "QUEUED", "job delist");
        await AssertWrongAsync(() => _bench.Poster.RecoverAsync(queued, Cancel), "QUEUED", "job delist");
        await _bench.Poster.DelistAsync(queued, Cancel);

        (PublicKey running, ObservedRun run) = await _bench.ClaimAsync();
        await AssertWrongAsync(() => _bench.Poster.DelistAsync(running, Cancel), "RUNNING", "job end");
        await AssertWrongAsync(() => _bench.Poster.RecoverAsync(running, Cancel), "RUNNING", "job end");

        await _bench.Settlement.QuitAsync(run.Address, running, Cancel);
        await AssertWrongAsync(() => _bench.Poster.EndAsync(running, Cancel), "STOPPED", "job recover");
        await AssertWrongAsync(() => _bench.Poster.DelistAsync(running, Cancel), "STOPPED", "job recover");
        await AssertWrongAsync(() => _bench.Poster.ExtendAsync(running, 60, Cancel), "STOPPED", "job recover");

        (PublicKey ended, _) = await _bench.ClaimAsync();
        await _bench.Poster.EndAsync(ended, Cancel);
        await AssertWrongAsync(() => _bench.Poster.EndAsync(ended, Cancel), "COMPLETED", "job get");
        await AssertWrongAsync(() => _bench.Poster.DelistAsync(ended, Cancel), "COMPLETED", "job get");
        await AssertWrongAsync(() => _bench.Poster.ExtendAsync(ended, 60, Cancel), "COMPLETED", "job get");
        await AssertWrongAsync(() => _bench.Poster.RecoverAsync(ended, Cancel), "COMPLETED", "job get");
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task EveryWord_AnothersJob_SaysWhoseItIs()
    {
        PublicKey job = await _bench.ListAsync();
        using var other = new Account();
        var stranger = new JobPoster(_bench.Chain, _bench.PosterOutbox, other);
        foreach (Func<Task> word in new Func<Task>[]
        {
            () => stranger.EndAsync(job, Cancel), () => stranger.DelistAsync(job, Cancel),
            () => stranger.RecoverAsync(job, Cancel), () => stranger.ExtendAsync(job, 60, Cancel),
        })
        {
            await AssertWrongAsync(word, _bench.Server.Keys.Poster.PublicKey.Key, other.PublicKey.Key);
        }
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
        await Assert.ThrowsAsync<PosterInputException>(() => _bench.Poster.ExtendAsync(job, seconds, Cancel));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ExtendAsync_CutOffAndTriedAgain_PaysOnce()
    {
        PublicKey job = await _bench.ListAsync();
        ulong before = await _bench.NosAsync(_bench.Server.Keys.Poster.PublicKey);
        _bench.Server.Faults.LoseNextConfirmations(1);
        using var cutOff = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task first = _bench.Poster.ExtendAsync(job, 60, cutOff.Token);
        await Eventually.TrueAsync(() => JobAccount.Decode(_bench.Server.Bank.GetAccount(job)!.Data.Span).Timeout == 3660, "the job is extended");
        await cutOff.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        _bench.Server.Faults.RevealAll();
        Assert.Equal((3660, true), await _bench.Poster.ExtendAsync(job, 60, Cancel));
        Assert.Equal(before - (100UL * 60), await _bench.NosAsync(_bench.Server.Keys.Poster.PublicKey));
        Assert.Equal((3720, false), await _bench.Poster.ExtendAsync(job, 60, Cancel));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ExtendAsync_RunningJob_PaysForTheSeconds()
    {
        (PublicKey job, ObservedRun _) = await _bench.ClaimAsync();
        ulong before = await _bench.NosAsync(_bench.Server.Keys.Poster.PublicKey);
        Assert.Equal((3660, false), await _bench.Poster.ExtendAsync(job, 60, Cancel));
        Assert.Equal(3660, (await _bench.JobAsync(job)).Timeout);
        Assert.Equal(before - (100UL * 60), await _bench.NosAsync(_bench.Server.Keys.Poster.PublicKey));
    }

    [Theory]
    [InlineData(JobState.Queued, false, "QUEUED")]
    [InlineData(JobState.Queued, true, "RUNNING")]
    [InlineData(JobState.Done, false, "COMPLETED")]
    [InlineData(JobState.Stopped, false, "STOPPED")]
    [InlineData((JobState)9, false, "UNKNOWN (9)")]
    public void State_AJob_TheWordOfTheNetworksClients(JobState state, bool running, string word) =>
        Assert.Equal(word, new FoundJob(default, new JobAccount { State = state }, running ? new ObservedRun(default, new RunAccount(), 0) : null).State);

    private static async Task AssertWrongAsync(Func<Task> word, params string[] parts)
    {
        PosterException refused = await Assert.ThrowsAsync<PosterException>(word);
        Assert.All(parts, part => Assert.Contains(part, refused.Message, StringComparison.Ordinal));
    }

    /// <summary>The longest that the market lets a job run, in seconds; 0 for no limit.</summary>
    private void SetLongest(long seconds)
    {
        AccountState account = _bench.Server.Bank.GetAccount(_bench.Slot.Market)!;
        byte[] data = (MarketAccount.Decode(account.Data.Span) with { JobTimeout = seconds }).Encode();
        Array.Resize(ref data, MarketAccount.AllocatedLength);
        _bench.Server.Bank.SetAccount(_bench.Slot.Market, account with { Data = data });
    }
}
