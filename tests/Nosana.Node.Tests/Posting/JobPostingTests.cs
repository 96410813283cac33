using System.Text;
using Nosana.Node.Journal;
using Nosana.Node.Posting;
using Nosana.Node.Tests.Support;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.Posting;

/// <summary>Posts that are cut off and tried again.</summary>
public sealed class JobPostingTests : IAsyncLifetime
{
    private static readonly byte[] s_definition = Encoding.UTF8.GetBytes($$"""{"version":"0.1","type":"container","ops":[{{JobBench.Op("a")}}]}""");

    private readonly List<PublicKey> _held = [];
    private MarketBench _bench = null!;
    private int _pins;

    private static CancellationToken Cancel => MarketBench.Cancel;

    private JobPosting Posting =>
        new(_bench.Chain, _bench.PosterOutbox, _bench.PosterJournal, _bench.Poster, job => _held.Contains(job) ? null : new MemoryStream());

    public async ValueTask InitializeAsync() => _bench = await MarketBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task PostAsync_Twice_ListsTwoJobs()
    {
        var told = new Told();
        PostedJob first = await PostAsync(told), second = await PostAsync(new Told());

        Assert.Equal([$"listing {first.Job}", $"listed {first.Job}"], told.Lines);
        Assert.False(first.ByEarlierTry || second.ByEarlierTry);
        Assert.Equal(2, await QueueLengthAsync());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task PostAsync_CutOffAfterItLanded_TheSameAgainFindsItsJobAndPaysOnce()
    {
        ulong before = await _bench.NosAsync(_bench.Poster.Address);
        PublicKey cutOff = await CutOffAsync(lands: true);
        _bench.Server.Faults.RevealAll();

        var told = new Told();
        PostedJob again = await PostAsync(told);

        Assert.Equal(new PostedJob(cutOff, ByEarlierTry: true), again);
        Assert.Equal([$"settling {cutOff}", $"listed {cutOff}"], told.Lines);
        Assert.Equal(before - (100UL * 60), await _bench.NosAsync(_bench.Poster.Address));
        Assert.Equal(1, await QueueLengthAsync());
        // It was told now, so that the next one is another.
        Assert.False((await PostAsync(new Told())).ByEarlierTry);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task PostAsync_CutOffAndNothingIsLeftToPay_TheSameAgainFindsItsJob()
    {
        PublicKey cutOff = await CutOffAsync(lands: true);
        _bench.Server.Faults.RevealAll();
        _bench.CloseAccount(_bench.Chain.Programs.NosTokenAccount(_bench.Poster.Address));

        Assert.Equal(cutOff, (await PostAsync(new Told())).Job);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task PostAsync_CutOffAndNeverLanded_TheSameAgainListsAnother()
    {
        PublicKey cutOff = await CutOffAsync(lands: false);
        _bench.Server.Faults.LoseNextTransactions(0);
        _bench.Clock.Advance(TimeSpan.FromMinutes(5)); // its blockhash is too old by now

        PostedJob again = await PostAsync(new Told());

        Assert.False(again.ByEarlierTry);
        Assert.NotEqual(cutOff, again.Job);
        Assert.Equal(1, await QueueLengthAsync());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task PostAsync_CutOffAndTheTransactionIsForgottenSince_TheSameAgainFindsItsJob()
    {
        PublicKey cutOff = await CutOffAsync(lands: true);
        _bench.Server.Faults.RevealAll();
        string intent = JobPoster.ListIntent(cutOff);
        SentTransaction sent = Assert.Single(_bench.PosterJournal.UnsettledTransactions(intent));
        _bench.PosterJournal.SaveTransaction(sent with { State = "expired" }); // as a node that was behind has it

        Assert.Equal(new PostedJob(cutOff, ByEarlierTry: true), await PostAsync(new Told()));
        Assert.Equal(1, await QueueLengthAsync());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task PostAsync_CutOffAndAnotherTimeout_IsAnotherPost()
    {
        await CutOffAsync(lands: true);
        Assert.False((await PostAsync(new Told(), timeout: 61)).ByEarlierTry);
        Assert.Equal(2, await QueueLengthAsync());
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task PostAsync_ALivingProcessListsTheSame_IsAnotherPost()
    {
        _held.Add(await CutOffAsync(lands: true));
        Assert.False((await PostAsync(new Told())).ByEarlierTry);
        Assert.Equal(2, await QueueLengthAsync());
    }

    [Theory(Timeout = TestLimit.Milliseconds)]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(1_000_000)]
    public async Task PostAsync_ATimeoutThatIsNotOne_NothingIsPinnedOrSent(long timeout)
    {
        var told = new Told();
        await Assert.ThrowsAsync<PosterInputException>(() => PostAsync(told, timeout));
        Assert.Equal(0, _pins);
        Assert.Empty(told.Lines);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task PostAsync_WalletCannotPay_NothingIsPinned()
    {
        _bench.CloseAccount(_bench.Chain.Programs.NosTokenAccount(_bench.Poster.Address));
        await Assert.ThrowsAsync<PosterException>(() => PostAsync(new Told()));
        Assert.Equal(0, _pins);
    }

    /// <summary>A post whose process dies after it has sent.</summary>
    private async Task<PublicKey> CutOffAsync(bool lands)
    {
        if (lands) _bench.Server.Faults.LoseNextConfirmations(1);
        else _bench.Server.Faults.LoseNextTransactions(int.MaxValue);
        using var death = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var told = new Told();
        Task post = PostAsync(told, cancel: death.Token);
        await Eventually.TrueAsync(() => told.Job is not null, "the job's address is told");
        if (lands) await Eventually.TrueAsync(() => _bench.Server.Bank.GetAccount(told.Job!.Value) is not null, "the job is on the chain");
        await death.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => post);
        return told.Job!.Value;
    }

    private Task<PostedJob> PostAsync(Told told, long timeout = 60, CancellationToken? cancel = null) => Posting.PostAsync(
        s_definition, _bench.Slot.Market, timeout,
        _ =>
        {
            _pins++;
            return Task.FromResult(_bench.Pin(Encoding.UTF8.GetString(s_definition)));
        },
        told, cancel ?? Cancel);

    private async Task<int> QueueLengthAsync() => (await _bench.Chain.FindMarketAsync(_bench.Slot.Market, Cancel))!.Queue.Count;

    private sealed class Told : IPostingProgress
    {
        private readonly List<string> _lines = [];

        public IReadOnlyList<string> Lines => _lines;

        public PublicKey? Job { get; private set; }

        public void Settling(PublicKey job) => _lines.Add($"settling {job}");

        public void Listing(PublicKey job, ListingTerms terms)
        {
            _lines.Add($"listing {job}");
            Job = job;
        }

        public void Listed(PublicKey job) => _lines.Add($"listed {job}");
    }
}
