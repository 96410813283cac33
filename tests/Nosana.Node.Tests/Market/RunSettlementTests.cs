using Nosana.Ipfs;
using Nosana.Node.Chain;
using Nosana.Node.Journal;
using Nosana.Node.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.Market;

/// <summary>Every state a run can be in when its job has ended here, and what two tries do to the money.</summary>
public sealed class RunSettlementTests : IAsyncLifetime
{
    private static readonly TimeSpan JobTime = TimeSpan.FromSeconds(20);

    private MarketBench _bench = null!;

    private static CancellationToken Cancel => MarketBench.Cancel;

    public async ValueTask InitializeAsync() => _bench = await MarketBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task FinishAsync_RunIsThere_PaysOnceAndASecondTryChangesNothing()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        _bench.Clock.Advance(JobTime);
        await FinishAsync(run, job);
        await FinishAsync(run, job);
        await AssertPaidOnceAsync(job);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task FinishAsync_PosterEndedIt_DeliversTheResultOnce()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        _bench.Clock.Advance(JobTime);
        await _bench.Poster.EndAsync(job, Cancel);
        await FinishAsync(run, job);
        await FinishAsync(run, job);
        await AssertPaidOnceAsync(job);
        Assert.True(_bench.Journal.HasLanded($"complete:{run.Address}"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task FinishAsync_GivenBackAlready_OwesNothing()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        await _bench.Settlement.QuitAsync(run.Address, job, Cancel);
        await FinishAsync(run, job);
        Assert.Equal(JobState.Stopped, (await _bench.JobAsync(job)).State);
        Assert.False((await _bench.JobAsync(job)).HasResult);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task FinishAsync_JobAccountIsGone_EndsQuietly()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        _bench.CloseAccount(job);
        await FinishAsync(run, job);
        Assert.False(_bench.Journal.HasLanded($"finish:{run.Address}"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task FinishAsync_PayerClosedHisTokenAccount_MakesItAndPays()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        _bench.Clock.Advance(JobTime);
        PublicKey payer = (await _bench.JobAsync(job)).Payer;
        _bench.CloseAccount(_bench.Chain.Programs.NosTokenAccount(payer));
        await FinishAsync(run, job);
        await AssertPaidOnceAsync(job);
        Assert.Equal(100UL * 3580, await _bench.NosAsync(payer)); // the refund: price x seconds not used
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task FinishAsync_TransactionLost_IsSentAgainAndPaysOnce()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        _bench.Clock.Advance(JobTime);
        _bench.Server.Faults.LoseNextTransactions(1);
        Task finish = FinishAsync(run, job);
        await Eventually.EndsAsync(finish, _bench.Clock, TimeSpan.FromMilliseconds(400));
        await finish;
        JobAccount done = await _bench.JobAsync(job);
        Assert.Equal(JobState.Done, done.State);
        Assert.Equal(done.Price * (ulong)(done.TimeEnd - done.TimeStart), await _bench.NosAsync(_bench.Wallet.Address));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task FinishAsync_ConfirmationLostAndKilled_TheNextAgentPaysNothingTwice()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        _bench.Clock.Advance(JobTime);
        _bench.Server.Faults.LoseNextConfirmations(1);
        using (var kill = CancellationTokenSource.CreateLinkedTokenSource(Cancel))
        {
            Task finish = _bench.Settlement.FinishAsync(run.Address, job, Result, kill.Token);
            await Eventually.TrueAsync(() => JobAccount.TryDecode(_bench.Server.Bank.GetAccount(job)!.Data.Span, out JobAccount? account) && account.State == JobState.Done, "finish in effect");
            await kill.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => finish);
        }
        _bench.Restart();
        Assert.Single(_bench.Journal.UnsettledTransactions($"finish:{run.Address}"));
        _bench.Server.Faults.RevealAll();
        await FinishAsync(run, job);
        await AssertPaidOnceAsync(job);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task SendAsync_EarlierTransactionOfTheIntentLanded_SendsNothing()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        _bench.Clock.Advance(JobTime);
        await FinishAsync(run, job);
        // Killed after the bytes had left: the journal still says "sent".
        SentTransaction sent = LastFinish(run);
        _bench.Journal.SaveTransaction(sent with { State = "sent" });
        Assert.False(await _bench.Outbox.SendAsync($"finish:{run.Address}", [], [_bench.Wallet.Account], Cancel));
        Assert.Empty(_bench.Journal.UnsettledTransactions($"finish:{run.Address}"));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task SendAsync_JournalCannotBeWritten_NothingIsSent()
    {
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        JobAccount account = await _bench.JobAsync(job);
        TransactionOutbox outbox = _bench.Outbox;
        _bench.Journal.Dispose();
        var jobs = new Nosana.Programs.Instructions.JobsInstructions(_bench.Chain.Programs);
        await Assert.ThrowsAnyAsync<Exception>(() => outbox.SendAsync($"finish:{run.Address}", [jobs.Finish(job, account, run.Address, run.Run, Result.Digest)], [_bench.Wallet.Account], Cancel));
        Assert.NotNull(await _bench.Chain.FindRunAsync(run.Address, Cancel));
        _bench.Restart();
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task QuitAsync_Twice_GivesTheDepositBackOnce()
    {
        ulong before = await _bench.NosAsync(_bench.Server.Keys.Poster.PublicKey);
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        await _bench.Settlement.QuitAsync(run.Address, job, Cancel);
        await _bench.Settlement.QuitAsync(run.Address, job, Cancel);
        Assert.Equal(JobState.Stopped, (await _bench.JobAsync(job)).State);
        await _bench.Poster.RecoverAsync(job, Cancel);
        Assert.Equal(before, await _bench.NosAsync(_bench.Server.Keys.Poster.PublicKey));
        Assert.Equal(0UL, await _bench.NosAsync(_bench.Wallet.Address));
    }

    private static Cid Result => Cid.FromDigest([.. Enumerable.Range(1, 32).Select(i => (byte)i)]);

    private Task FinishAsync(ObservedRun run, PublicKey job) => _bench.Settlement.FinishAsync(run.Address, job, Result, Cancel);

    private SentTransaction LastFinish(ObservedRun run) => Assert.Single(_bench.Journal.Transactions($"finish:{run.Address}"));

    private async Task AssertPaidOnceAsync(PublicKey job)
    {
        JobAccount done = await _bench.JobAsync(job);
        Assert.Equal(JobState.Done, done.State);
        Assert.Equal(Result.Digest, done.IpfsResult);
        Assert.Equal(20, done.TimeEnd - done.TimeStart);
        Assert.Equal(100UL * 20, await _bench.NosAsync(_bench.Wallet.Address));
    }
}
