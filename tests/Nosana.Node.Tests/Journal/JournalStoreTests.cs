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
        RunRecord run = Run("r1", RunPhase.Published) with { Definition = [1, 2], FlowState = [3], Reason = "completed", ResultCid = "Qm" };
        using (JournalStore store = Open()) store.Save(run);
        using JournalStore again = Open();
        RunRecord found = again.FindRun("r1")!;
        Assert.Equal([1, 2], found.Definition!);
        Assert.Equal([3], found.FlowState!);
        Assert.Equal((RunPhase.Published, "completed", "Qm", 5L), (found.Phase, found.Reason, found.ResultCid, found.ClaimedAt));
        Assert.Null(again.FindRun("r2"));
    }

    [Fact]
    public void Open_CopiedWhileOpen_HasEveryWriteThatReturned()
    {
        using JournalStore store = Open();
        store.Save(Run("r1", RunPhase.Running));
        using TemporaryDirectory killed = _directory.Copy(); // what a kill leaves: the file and its write-ahead log
        using JournalStore again = JournalStore.Open(Path.Combine(killed.Path, "journal.db"), _clock);
        Assert.Equal(RunPhase.Running, again.FindRun("r1")!.Phase);
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
    public void Open_WrittenByANewerVersion_SaysWhichOneToUse()
    {
        Open().Dispose();
        Execute("PRAGMA user_version = 99");
        JournalException refused = Assert.Throws<JournalException>(Open);
        Assert.Contains("version 99", refused.Message, StringComparison.Ordinal);
        Assert.Contains("newer nosana-node", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_DamagedFile_SaysSoAndLeavesItAsItIs()
    {
        byte[] garbage = [.. Enumerable.Range(0, 4096).Select(i => (byte)(i * 7))];
        File.WriteAllBytes(_path, garbage);
        JournalException refused = Assert.Throws<JournalException>(Open);
        Assert.Contains(_path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("Move the file away", refused.Message, StringComparison.Ordinal);
        Assert.Equal(garbage, File.ReadAllBytes(_path));
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
