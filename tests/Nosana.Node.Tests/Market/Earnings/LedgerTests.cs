using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Node.Chain;
using Nosana.Node.Journal;
using Nosana.Node.Market;
using Nosana.Node.Market.Earnings;
using Nosana.Node.Tests.Support;
using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;
using Nosana.Testing;

namespace Nosana.Node.Tests.Market.Earnings;

/// <summary>What the ledger says of runs, against what the chain did.</summary>
public sealed class LedgerTests : IAsyncLifetime
{
    private MarketBench _bench = null!;

    private static CancellationToken Cancel => MarketBench.Cancel;

    private LedgerReader Reader => new(_bench.Chain, _bench.Journal, _bench.Wallet, _bench.Clock);

    public async ValueTask InitializeAsync() => _bench = await MarketBench.StartAsync();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ReadAsync_FinishedRun_HasWhatWasEarnedReceivedAndPaid()
    {
        ulong sol = await _bench.Chain.LamportsAsync(_bench.Wallet.Address, Cancel);
        (PublicKey job, ObservedRun run) = await ServedAsync(seconds: 7);
        LedgerEntry entry = await ReadAsync(run);
        JobAccount account = await _bench.JobAsync(job);
        Assert.Equal((LedgerEntry.Confirmed, "finished", (long)account.Price, 7L), (entry.State, entry.Outcome, entry.Price, entry.Seconds));
        Assert.Equal(((long)account.Price * 7, (long)account.Price * 7), (entry.Earned, entry.Received));
        Assert.Equal(["finish", "work"], _bench.Journal.LedgerTransactions(run.Address).Select(transaction => transaction.Kind).Order());
        // `work` took the job at once: the host paid the run account's rent, and got it back.
        Assert.True(entry.RentPaid > 0);
        Assert.Equal(entry.RentPaid, entry.RentReturned);
        Assert.Equal((long)sol - entry.Fees, (long)await _bench.Chain.LamportsAsync(_bench.Wallet.Address, Cancel));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ReadAsync_RunThatWasGivenBack_EarnedNothingAndCostItsFees()
    {
        (_, ObservedRun run) = await _bench.ClaimAsync();
        await _bench.Worker().LeaveAsync(Cancel);
        LedgerEntry entry = await ReadAsync(run);
        Assert.Equal((LedgerEntry.Confirmed, "quit", 0L, 0L), (entry.State, entry.Outcome, entry.Earned, entry.Received));
        Assert.True(entry.Fees > 0);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ReadAsync_PosterEndedTheJob_FindsWhatHisTransactionPaid()
    {
        _bench.Bench.Engine.Programs["a"] = FakeProgram.Service();
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        Task step = _bench.Worker().StepAsync(Cancel);
        await _bench.Bench.Engine.RunningAsync("a");
        _bench.Clock.Advance(TimeSpan.FromSeconds(3));
        await _bench.Poster.EndAsync(job, Cancel);
        await Eventually.EndsAsync(step, _bench.Clock, JobWatcher.PollInterval);
        LedgerEntry entry = await ReadAsync(run);
        long earned = (long)(await _bench.NosAsync(_bench.Wallet.Address));
        Assert.Equal((LedgerEntry.Confirmed, "completed", earned, earned), (entry.State, entry.Outcome, entry.Earned, entry.Received));
        Assert.True(earned > 0);
        Assert.Contains(_bench.Journal.LedgerTransactions(run.Address), transaction => transaction.Kind == "complete");
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ReadAsync_NoNodeKnowsTheTransaction_IsMissingOnlyAfterAWhile()
    {
        (_, ObservedRun run) = await ServedAsync(seconds: 1);
        _bench.Journal.Save(_bench.Journal.FindLedgerEntry(run.Address)!, []);
        foreach (LedgerTransaction transaction in _bench.Journal.LedgerTransactions(run.Address)) _bench.Server.Faults.Hide(transaction.Signature);
        Assert.Equal(LedgerEntry.Recorded, (await ReadAsync(run)).State);
        _bench.Clock.Advance(LedgerReader.Patience);
        LedgerEntry entry = await ReadAsync(run);
        Assert.Equal((LedgerEntry.Missing, 0L), (entry.State, entry.Received));
        Assert.True(entry.Earned > 0);
        _bench.Server.Faults.RevealAll();
        Assert.Equal(LedgerEntry.Confirmed, (await ReadAsync(run)).State);
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ReadAsync_AnotherAmountCame_Differs()
    {
        (PublicKey job, ObservedRun run) = await ServedAsync(seconds: 2);
        JobAccount account = await _bench.JobAsync(job);
        byte[] data = _bench.Server.Bank.GetAccount(job)!.Data.ToArray();
        int end = data.AsSpan().IndexOf(BitConverter.GetBytes(account.TimeEnd));
        BitConverter.GetBytes(account.TimeEnd + 5).CopyTo(data, end);
        _bench.Server.Bank.SetAccount(job, _bench.Server.Bank.GetAccount(job)! with { Data = data });
        LedgerEntry entry = await ReadAsync(run);
        Assert.Equal((LedgerEntry.Differs, 5 * (long)account.Price), (entry.State, entry.Earned - entry.Received));
    }

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task ReconcileAsync_AtTheStartAndOnceADay_AsksForWhatIsNotConfirmed()
    {
        (_, ObservedRun run) = await ServedAsync(seconds: 1);
        string finish = _bench.Journal.LedgerTransactions(run.Address).Single(transaction => transaction.Kind == "finish").Signature;
        _bench.Server.Faults.Hide(finish);
        _bench.Clock.Advance(LedgerReader.Patience);
        LedgerKeeper keeper = Keeper();
        await keeper.ReconcileAsync(Cancel);
        Assert.Equal(LedgerEntry.Missing, _bench.Journal.FindLedgerEntry(run.Address)!.State);
        _bench.Server.Faults.RevealAll();
        _bench.Clock.Advance(TimeSpan.FromHours(1));
        await keeper.ReconcileAsync(Cancel);
        Assert.Equal(LedgerEntry.Missing, _bench.Journal.FindLedgerEntry(run.Address)!.State); // not every minute
        await Keeper().ReconcileAsync(Cancel); // of the next start
        Assert.Equal(LedgerEntry.Confirmed, _bench.Journal.FindLedgerEntry(run.Address)!.State);

        (_, ObservedRun other) = await ServedAsync(seconds: 1);
        foreach (LedgerTransaction transaction in _bench.Journal.LedgerTransactions(other.Address)) _bench.Server.Faults.Hide(transaction.Signature);
        _bench.Clock.Advance(LedgerReader.Patience);
        await keeper.ReconcileAsync(Cancel);
        _bench.Server.Faults.RevealAll();
        _bench.Clock.Advance(TimeSpan.FromDays(1));
        await keeper.ReconcileAsync(Cancel);
        Assert.Equal(LedgerEntry.Confirmed, _bench.Journal.FindLedgerEntry(other.Address)!.State);
    }

    private LedgerKeeper Keeper() => new(Reader, _bench.Journal, _bench.Clock, NullLogger<LedgerKeeper>.Instance);

    [Fact(Timeout = TestLimit.Milliseconds)]
    public async Task Rows_ByDayMarketAndJob_AddUpExactly()
    {
        (_, ObservedRun first) = await ServedAsync(seconds: 2);
        await ReadAsync(first);
        _bench.Clock.Advance(TimeSpan.FromDays(1));
        (_, ObservedRun second) = await ServedAsync(seconds: 3);
        await ReadAsync(second);
        JsonArray days = EarningsReport.Rows(_bench.Journal, EarningsReport.ByDay, null, null);
        Assert.Equal(["2026-01-01", "2026-01-02"], days.Select(row => (string)row!["day"]!));
        Assert.Equal([2L, 3L], days.Select(row => (long)row!["seconds"]!));
        JsonNode market = Assert.Single(EarningsReport.Rows(_bench.Journal, EarningsReport.ByMarket, null, null))!;
        Assert.Equal((_bench.Slot.Market.Key, 2, (long)await _bench.NosAsync(_bench.Wallet.Address)),
            ((string?)market["market"], (int)market["jobs"]!, (long)market["receivedMicroNos"]!));
        Assert.Equal(second.Address.Key, (string?)Assert.Single(
            EarningsReport.Rows(_bench.Journal, EarningsReport.ByJob, new DateOnly(2026, 1, 2), new DateOnly(2026, 1, 2)))!["run"]);
    }

    private async Task<(PublicKey Job, ObservedRun Run)> ServedAsync(int seconds)
    {
        _bench.Bench.Engine.Programs["a"] = FakeProgram.Service();
        (PublicKey job, ObservedRun run) = await _bench.ClaimAsync();
        Task step = _bench.Worker().StepAsync(Cancel);
        FakeContainer container = await _bench.Bench.Engine.RunningAsync("a");
        _bench.Clock.Advance(TimeSpan.FromSeconds(seconds));
        container.Exit(0);
        await step;
        container.Remove();
        return (job, run);
    }

    private Task<LedgerEntry> ReadAsync(ObservedRun run) => Reader.ReadAsync(_bench.Journal.FindLedgerEntry(run.Address)!, Cancel);
}
