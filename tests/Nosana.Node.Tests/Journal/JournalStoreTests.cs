using Microsoft.Data.Sqlite;
using Nosana.Node.Journal;
using Nosana.Node.Tests.Logs;
using Nosana.Testing;

namespace Nosana.Node.Tests.Journal;

public sealed class JournalStoreTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly string _path;

    public JournalStoreTests() => _path = Path.Combine(_directory.Path, "journal.db");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void FindRun_AfterReopening_HasWhatWasSaved()
    {
        RunRecord run = Run("r1", RunPhase.Published) with { Reason = "completed", ResultCid = "Qm", Debt = ResultDebt.Gateway };
        using (JournalStore store = Open()) store.Save(run);
        using JournalStore again = Open();
        RunRecord found = again.FindRun("r1")!;
        Assert.Equal((RunPhase.Published, "completed", "Qm", 5L, ResultDebt.Gateway), (found.Phase, found.Reason, found.ResultCid, found.ClaimedAt, found.Debt));
        Assert.Null(again.FindRun("r2"));
    }

    [Fact]
    public void Open_CopiedWhileOpen_HasEveryWriteThatReturned()
    {
        using JournalStore store = Open();
        store.Admit(Run("r1", RunPhase.Running), [1, 2]);
        store.SaveFlow("r1", [new FlowPart("flow", [3]), new FlowPart("op/0", [4])]);
        store.SaveFlow("r1", [new FlowPart("op/0", [5])]);
        using TemporaryDirectory killed = _directory.Copy(); // what a kill leaves: the file and its write-ahead log
        using JournalStore again = JournalStore.Open(Path.Combine(killed.Path, "journal.db"), _clock);
        Assert.Equal(RunPhase.Running, again.FindRun("r1")!.Phase);
        Assert.Equal([1, 2], again.FindDefinition("r1")!);
        Assert.Equal([("flow", 3), ("op/0", 5)], again.FindFlow("r1").Select(part => (part.Name, (int)part.Json[0])).Order());
    }

    [Fact]
    public void Finish_TheResultTakesTheFlowsPlace_AndTheClosedRunKeepsItAlone()
    {
        using JournalStore store = Open();
        store.Admit(Run("r1", RunPhase.Running), [1]);
        store.SaveFlow("r1", [new FlowPart("flow", [3])]);
        store.SaveFlow("r2", [new FlowPart("flow", [4])]);
        store.Finish(Run("r1", RunPhase.Ran), [7, 8]);
        Assert.Empty(store.FindFlow("r1"));
        Assert.Single(store.FindFlow("r2"));
        Assert.Equal([7, 8], store.FindResult("r1")!);
        Assert.Equal([1], store.FindDefinition("r1")!);
        store.Close(store.FindRun("r1")!);
        Assert.Equal(RunPhase.Closed, store.FindRun("r1")!.Phase);
        Assert.Null(store.FindDefinition("r1"));
        Assert.Equal([7, 8], store.FindResult("r1")!);
    }

    [Fact]
    public void SaveFlow_OnePartCannotBeWritten_WritesNone()
    {
        using JournalStore store = Open();
        Assert.ThrowsAny<SqliteException>(() => store.SaveFlow("r1", [new FlowPart("flow", [3]), new FlowPart("op/0", null!)]));
        Assert.Empty(store.FindFlow("r1"));
        store.SaveFlow("r1", [new FlowPart("op/0", [5])]);
        Assert.Single(store.FindFlow("r1"));
    }

    [Fact]
    public void Prune_ManyResults_KeepsTheNewestOfClosedRunsAndAllThatAreOwed()
    {
        using JournalStore store = Open();
        foreach (string run in (string[])["open", "owed", "old", "new"])
        {
            store.Finish(Run(run, RunPhase.Ran), new byte[10]);
            if (run != "open") store.Close(store.FindRun(run)! with { Debt = run == "owed" ? ResultDebt.Pin : ResultDebt.None });
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
        store.Prune(keptResultBytes: 15);
        Assert.Equal(["open", "owed", "new"], ((string[])["open", "owed", "old", "new"]).Where(run => store.FindResult(run) is not null));
        Assert.NotNull(store.FindRun("old"));
        Assert.Equal("owed", Assert.Single(store.Owing(ResultDebt.Pin)).Run);
        store.Prune(keptResultBytes: 15, keptClosedRuns: 1);
        Assert.Equal(["open", "owed", "new"], ((string[])["open", "owed", "old", "new"]).Where(run => store.FindRun(run) is not null));
    }

    [Fact]
    public void Prune_ManyResults_OnesThatNoGatewayServesGoLastAndWithTheirTime()
    {
        using JournalStore store = Open();
        foreach (string run in (string[])["unserved", "served"])
        {
            store.Finish(Run(run, RunPhase.Ran), new byte[10]);
            store.Close(store.FindRun(run)! with { Debt = run == "unserved" ? ResultDebt.Gateway : ResultDebt.None });
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
        store.Prune(keptResultBytes: 15);
        Assert.Equal((10L, null), (store.ResultLength("unserved"), store.ResultLength("served")));
        _clock.Advance(JournalStore.KeepClosedRuns);
        store.Prune();
        Assert.Null(store.ResultLength("unserved"));
    }

    [Fact]
    public void Open_WrittenByVersion3_KnowsWhatIsOwed()
    {
        using (JournalStore old = Open()) old.Close(Run("owed", RunPhase.Ran) with { Debt = ResultDebt.Pin });
        Execute("ALTER TABLE runs RENAME COLUMN debt TO owes_pin; PRAGMA user_version = 3");
        using JournalStore store = Open();
        Assert.Equal("owed", Assert.Single(store.Owing(ResultDebt.Pin)).Run);
    }

    [Fact]
    public void OpenRuns_ClosedOnesAreLeftOut_OldestFirst()
    {
        using JournalStore store = Open();
        store.Save(Run("new", RunPhase.Ran) with { ClaimedAt = 9 });
        store.Save(Run("closed", RunPhase.Closed));
        store.Save(Run("old", RunPhase.Claimed) with { ClaimedAt = 1 });
        Assert.Equal(["old", "new"], store.OpenRuns().Select(run => run.Run));
        Assert.Equal("new", store.FindRunOfJob("job")!.Run);
    }

    [Fact]
    public void Prune_DropsClosedRunsAndSettledTransactionsAfterAMonth()
    {
        using JournalStore store = Open();
        store.Save(Run("closed", RunPhase.Closed));
        store.Save(Run("open", RunPhase.Ran));
        store.SaveTransaction(new SentTransaction("s1", "finish:open", 1, "sent"));
        store.SaveTransaction(new SentTransaction("s2", "finish:closed", 1, "confirmed"));
        _clock.Advance(TimeSpan.FromDays(29));
        store.Prune();
        Assert.NotNull(store.FindRun("closed"));
        _clock.Advance(TimeSpan.FromDays(2));
        store.Prune();
        Assert.Null(store.FindRun("closed"));
        Assert.NotNull(store.FindRun("open"));
        Assert.Single(store.UnsettledTransactions("finish:open"));
        Assert.False(store.HasLanded("finish:closed"));
    }

    [Fact]
    public void UnsettledTransactions_OnlySentOnesOfTheIntent()
    {
        using JournalStore store = Open();
        store.SaveTransaction(new SentTransaction("s1", "finish:a", 7, "sent"));
        store.SaveTransaction(new SentTransaction("s2", "finish:b", 8, "sent"));
        Assert.Equal(new SentTransaction("s1", "finish:a", 7, "sent"), Assert.Single(store.UnsettledTransactions("finish:a")));
        Assert.False(store.HasLanded("finish:a"));
        store.SaveTransaction(new SentTransaction("s1", "finish:a", 7, "confirmed"));
        Assert.Empty(store.UnsettledTransactions("finish:a"));
        Assert.True(store.HasLanded("finish:a"));
        Assert.False(store.HasLanded("finish:b"));
    }

    [Fact]
    public void CachedImages_NamelessFirstThenTheOneNotUsedForLongest()
    {
        using JournalStore store = Open();
        foreach (string reference in (string[])["a", "b", "c"])
        {
            store.Save(new CachedImage { Reference = reference, ImageId = $"id-{reference}", Bytes = 7, Private = reference == "b" });
            _clock.Advance(TimeSpan.FromSeconds(1));
        }
        store.Save(new CachedImage { Reference = "id-old", ImageId = "id-old" });
        store.TouchImage("a");
        Assert.Equal(["id-old", "b", "c", "a"], store.CachedImages().Select(image => image.Reference));
        store.RequireImages(["c", "unknown"]);
        store.RequireImages(["a", "it's"]);
        store.PublishImage("id-b");
        Assert.Equal(new CachedImage { Reference = "b", ImageId = "id-b", Bytes = 7, LastUsed = store.FindImage("b")!.LastUsed }, store.FindImage("b"));
        Assert.Equal((true, false), (store.FindImage("a")!.Required, store.FindImage("c")!.Required));
        store.DeleteImage("a");
        Assert.Null(store.FindImage("a"));
    }

    [Fact]
    public void Open_WrittenByVersion1_KeepsWhatIsThere()
    {
        Execute(
            """
            CREATE TABLE runs (
                run TEXT PRIMARY KEY, job TEXT NOT NULL, market TEXT NOT NULL, phase TEXT NOT NULL, definition BLOB, flow_state BLOB,
                reason TEXT, result_cid TEXT, claimed_at INTEGER NOT NULL, updated_at INTEGER NOT NULL);
            CREATE INDEX runs_job ON runs (job);
            INSERT INTO runs VALUES ('running', 'j1', 'm', 'Running', x'01', x'02', NULL, NULL, 3, 4);
            INSERT INTO runs VALUES ('ran', 'j2', 'm', 'Ran', x'05', x'06', 'completed', NULL, 7, 8);
            INSERT INTO runs VALUES ('closed', 'j3', 'm', 'Closed', x'09', x'0a', 'completed', 'Qm', 11, 12);
            INSERT INTO runs VALUES ('claimed', 'j4', 'm', 'Claimed', NULL, NULL, NULL, NULL, 13, 14);
            CREATE TABLE transactions (
                signature TEXT PRIMARY KEY, intent TEXT NOT NULL, last_valid_block_height INTEGER NOT NULL, state TEXT NOT NULL, updated_at INTEGER NOT NULL);
            INSERT INTO transactions VALUES ('s', 'finish:closed', 15, 'confirmed', 16);
            PRAGMA user_version = 1;
            """);
        using (JournalStore store = Open())
        {
            Assert.Equal(["running", "ran", "claimed"], store.OpenRuns().Select(run => run.Run));
            RunRecord closed = store.FindRun("closed")!;
            Assert.Equal(("j3", "completed", "Qm", 11L, 12L, ResultDebt.None), (closed.Job, closed.Reason, closed.ResultCid, closed.ClaimedAt, closed.UpdatedAt, closed.Debt));
            FlowPart flow = Assert.Single(store.FindFlow("running"));
            Assert.Equal((JournalStore.WholeFlow, 2), (flow.Name, flow.Json[0]));
            Assert.Equal((1, 5, null), (store.FindDefinition("running")?[0], store.FindDefinition("ran")?[0], store.FindDefinition("claimed")?[0]));
            Assert.Equal((null, 6, 10), (store.FindResult("running")?[0], store.FindResult("ran")?[0], store.FindResult("closed")?[0]));
            Assert.True(store.HasLanded("finish:closed"));
            Assert.Equal(("closed", LedgerEntry.Open, 12L), Assert.Single(store.Ledger()) is var entry ? (entry.Run, entry.State, entry.EndedAt) : default);
            Assert.Equal(new LedgerTransaction("s", "closed", "finish"), Assert.Single(store.LedgerTransactions("closed")));
            store.Save(new CachedImage { Reference = "a" });
        }
        using JournalStore again = Open();
        Assert.Equal(3, again.OpenRuns().Count);
    }

    [Fact]
    public void Open_WrittenBeforeImagesWereKept_GetsTheirTableAndKeepsTheRest()
    {
        using (JournalStore old = Open()) old.Save(Run("r1", RunPhase.Ran));
        Execute("DROP TABLE images");
        using JournalStore store = Open();
        store.Save(new CachedImage { Reference = "a" });
        Assert.Single(store.CachedImages());
        Assert.NotNull(store.FindRun("r1"));
    }

    [Fact]
    public void Close_OpensTheLedger_AndPruningLeavesItAlone()
    {
        using JournalStore store = Open();
        store.SaveTransaction(new SentTransaction("w0", "work:market", 1, "confirmed"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        store.SaveTransaction(new SentTransaction("w1", "work:market", 1, "confirmed"));
        store.SaveTransaction(new SentTransaction("w2", "work:market", 1, "expired"));
        store.SaveTransaction(new SentTransaction("f1", "finish:r1", 1, "confirmed"));
        store.SaveTransaction(new SentTransaction("f0", "finish:r1", 1, "failed"));
        store.Close(Run("r1", RunPhase.Published) with { ClaimedAt = _clock.GetUtcNow().ToUnixTimeMilliseconds() });
        _clock.Advance(TimeSpan.FromDays(60));
        store.Prune();
        Assert.Null(store.FindRun("r1"));
        Assert.Equal(("r1", "job", "market", LedgerEntry.Open, null), Assert.Single(store.Ledger()) is var entry
            ? (entry.Run, entry.Job, entry.Market, entry.State, entry.Earned) : default);
        Assert.Equal(["f1 finish", "w1 work"], store.LedgerTransactions("r1").Select(transaction => $"{transaction.Signature} {transaction.Kind}"));
    }

    [Fact]
    public void OpenReadOnly_WhateverTheAgentDoes_ReadsAndWritesNothing()
    {
        Assert.Throws<JournalException>(() => JournalStore.OpenReadOnly(_path, _clock));
        using JournalStore agent = Open();
        agent.Close(Run("r1", RunPhase.Ran));
        using (JournalStore reader = JournalStore.OpenReadOnly(_path, _clock))
        {
            Assert.Single(reader.Ledger());
            agent.Close(Run("r2", RunPhase.Ran));
            Assert.Equal(2, reader.Ledger().Count);
            Assert.Throws<JournalFullException>(() => reader.SaveFact("x", [1]));
        }
        using TemporaryDirectory killed = _directory.Copy();
        using JournalStore afterwards = JournalStore.OpenReadOnly(Path.Combine(killed.Path, "journal.db"), _clock);
        Assert.Equal(2, afterwards.Ledger().Count);
        agent.Dispose();
        using JournalStore closed = JournalStore.OpenReadOnly(_path, _clock);
        Assert.Equal(2, closed.Ledger().Count);
    }

    [Fact]
    public void OpenReadOnly_NoDatabaseAtAll_SaysWhatMendsItAndLeavesIt()
    {
        File.WriteAllText(_path, "garbage");
        JournalException refused = Assert.Throws<JournalException>(() => JournalStore.OpenReadOnly(_path, _clock));
        Assert.EndsWith("is damaged: the next start of the host sets it aside and begins another.", refused.Message, StringComparison.Ordinal);
        Assert.Equal("garbage", File.ReadAllText(_path));
    }

    [Fact]
    public void OpenReadOnly_OfAnEarlierVersion_SaysWhatBringsItHere()
    {
        Open().Dispose();
        Execute("PRAGMA user_version = 2");
        Assert.Contains("start the host once", Assert.Throws<JournalException>(() => JournalStore.OpenReadOnly(_path, _clock)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WrittenByANewerVersion_SaysWhichOneToUse()
    {
        Open().Dispose();
        Execute("PRAGMA user_version = 99");
        JournalException refused = Assert.Throws<JournalException>(Open);
        Assert.Contains("version 99", refused.Message, StringComparison.Ordinal);
        Assert.Contains("newer nosana-node", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NoDatabaseAtAll_IsSetAsideAndAnEmptyOneBegun()
    {
        byte[] garbage = [.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 7))];
        File.WriteAllBytes(_path, garbage);
        using JournalStore store = Open();
        Assert.Equal($"{_path}.damaged-20260101T000000Z", store.SetAside);
        Assert.Equal(garbage, File.ReadAllBytes(store.SetAside!));
        Assert.Empty(store.OpenRuns());
        Assert.Equal(1, store.CountFault("r1"));
    }

    [Fact]
    public void Open_PageOfIndexIsDamaged_IsSetAsideAndAnEmptyOneBegun()
    {
        using (JournalStore store = Open())
            for (int i = 0; i < 500; i++) store.SaveTransaction(new SentTransaction($"signature {i}", $"finish:{i}", 1, "confirmed"));
        using (FileStream file = File.OpenWrite(_path))
        {
            // The last page: of the table, or of its index.
            file.Position = file.Length - 4096;
            file.Write(new byte[4096]);
        }
        using JournalStore anew = Open();
        Assert.NotNull(anew.SetAside);
        Assert.Empty(anew.Transactions("finish:1"));
    }

    [Fact]
    public void Open_SoundJournal_IsNotSetAside()
    {
        using (JournalStore store = Open()) store.CountFault("r1");
        using JournalStore again = Open();
        Assert.Null(again.SetAside);
        Assert.Equal(2, again.CountFault("r1"));
    }

    [Fact]
    public void Open_DirectoryIsMissing_SaysSo() =>
        Assert.Throws<JournalException>(() => JournalStore.Open(Path.Combine(_directory.Path, "none", "journal.db"), _clock));

    [Fact]
    public async Task Save_FromManyThreads_KeepsEveryRun()
    {
        using JournalStore store = Open();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => store.Save(Run($"r{i}", RunPhase.Claimed)))));
        Assert.Equal(8, store.OpenRuns().Count);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // the callers' own constants
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static RunRecord Run(string run, RunPhase phase) => new() { Run = run, Job = "job", Market = "market", Phase = phase, ClaimedAt = 5 };

    private JournalStore Open() => JournalStore.Open(_path, _clock);
}
