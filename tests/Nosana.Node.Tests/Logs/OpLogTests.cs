using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Nosana.Node.Logs;

namespace Nosana.Node.Tests.Logs;

public sealed class OpLogTests : IDisposable
{
    private static readonly LogOptions Small = new() { SegmentBytes = 4096, BudgetBytes = 1L << 30 };

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void ReadAll_EntriesOfAllKinds_AreAsAppended()
    {
        using LogStore store = Store(Small);
        OpLog log = store.OpenOrCreate("job", "op");
        log.Append(LogStream.Stdout, 5, "out\n"u8);
        log.Append(LogStream.Stderr, 6, "err"u8, continues: true);
        log.Append(LogStream.Stderr, 6, new byte[] { 0xff, 0x0a });
        log.AppendNodeError("the node says");
        LogEntry[] entries = [.. log.ReadAll()];
        Assert.Equal([0, 1, 2, 3], entries.Select(entry => entry.Index));
        Assert.Equal([LogStream.Stdout, LogStream.Stderr, LogStream.Stderr, LogStream.NodeError], entries.Select(entry => entry.Stream));
        Assert.Equal([false, true, false, false], entries.Select(entry => entry.Continues));
        Assert.Equal(["out\n", "err", "\uFFFD\n", "the node says\n"], entries.Select(entry => entry.Text));
        Assert.Equal("1970-01-01T00:00:00.000000005Z", entries[0].Timestamp);
        LogTotals totals = log.Totals;
        Assert.Equal((4, 2, 9), (totals.Entries, totals.Lines, totals.Bytes));
    }

    [Fact]
    public void OpenOrCreate_AfterAKillAtAnyMoment_HoldsAPrefixWithItsTotals()
    {
        var random = new Random(3);
        List<byte[]> printed = RandomLines(random, 2_000);
        using LogStore store = Store(Small);
        OpLog log = store.OpenOrCreate("job", "op");
        for (int i = 0; i < printed.Count; i++)
        {
            log.Append(i % 3 == 0 ? LogStream.Stderr : LogStream.Stdout, i / 2, printed[i]);
            if (random.Next(100) == 0) log.Flush();
            if (random.Next(150) > 0) continue;
            using TemporaryDirectory killed = _directory.Copy();
            AssertPrefix(killed.Path, printed, atMost: i + 1);
        }
    }

    [Fact]
    public void OpenOrCreate_FileTornAtAnyByte_GoesOnAfterTheLastWholeEntry()
    {
        var random = new Random(4);
        List<byte[]> printed = RandomLines(random, 60);
        using (LogStore store = Store(Small))
        {
            OpLog log = store.OpenOrCreate("job", "op");
            for (int i = 0; i < printed.Count; i++) log.Append(LogStream.Stdout, i, printed[i]);
        }
        string last = Segments(_directory.Path).Last();
        long size = new FileInfo(last).Length;
        for (long cut = 0; cut < size; cut += 7)
        {
            using TemporaryDirectory torn = _directory.Copy();
            using (FileStream file = File.OpenWrite(Segments(torn.Path).Last())) file.SetLength(cut);
            int kept = AssertPrefix(torn.Path, printed, atMost: printed.Count);
            using var store = new LogStore(torn.Path, Small);
            OpLog log = store.OpenOrCreate("job", "op");
            for (int i = kept; i < printed.Count; i++) log.Append(LogStream.Stdout, i, printed[i]);
            Assert.Equal(Digest(printed), log.Totals.Sha256);
            Assert.Equal(printed.Count, log.ReadAll().Count());
        }
    }

    [Fact]
    public void OpenOrCreate_AByteChanged_EndsBeforeTheDamage()
    {
        using (LogStore store = Store(Small))
        {
            OpLog log = store.OpenOrCreate("job", "op");
            for (int i = 0; i < 10; i++) log.Append(LogStream.Stdout, i, "0123456789\n"u8);
        }
        string path = Segments(_directory.Path).Single();
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^3] ^= 1;
        File.WriteAllBytes(path, bytes);
        using LogStore again = Store(Small);
        Assert.Equal(9, again.OpenOrCreate("job", "op").Totals.Lines);
    }

    [Fact]
    public void Append_OverTheBudget_DropsTheOldestAndCountsOn()
    {
        var options = new LogOptions { SegmentBytes = 4096, BudgetBytes = 40_000 };
        List<byte[]> printed = RandomLines(new Random(5), 5_000);
        using (LogStore store = Store(options))
        {
            OpLog log = store.OpenOrCreate("job", "op");
            for (int i = 0; i < printed.Count; i++) log.Append(LogStream.Stdout, i, printed[i]);
            Check(log);
        }
        using LogStore again = Store(options);
        Check(again.OpenOrCreate("job", "op"));

        void Check(OpLog log)
        {
            Assert.InRange(log.StoredBytes, 1, options.BudgetBytes);
            Assert.Equal((5_000, 5_000, Digest(printed)), (log.Totals.Entries, log.Totals.Lines, log.Totals.Sha256));
            LogEntry[] entries = [.. log.ReadAll()];
            Assert.True(log.FirstEntry > 0);
            Assert.Equal(Enumerable.Range((int)log.FirstEntry, entries.Length).Select(i => (long)i), entries.Select(entry => entry.Index));
            Assert.All(entries, entry => Assert.Equal(printed[(int)entry.Index], entry.Bytes.ToArray()));
            Assert.Equal(4_999, entries[^1].Index);
        }
    }

    [Fact]
    public void Tail_AnyCountAndSize_IsTheEndOfAll()
    {
        var random = new Random(6);
        List<byte[]> printed = RandomLines(random, 6_000);
        using LogStore store = Store(new LogOptions { SegmentBytes = 100_000 });
        OpLog log = store.OpenOrCreate("job", "op");
        for (int i = 0; i < printed.Count; i++)
        {
            log.Append(LogStream.Stdout, i, printed[i]);
            if (random.Next(60) > 0) continue;
            int count = random.Next(0, i + 50);
            long limit = random.Next(2) == 0 ? long.MaxValue / 2 : random.Next(1, 40_000);
            var expected = new List<int>();
            long bytes = 0;
            for (int at = i; at >= 0 && expected.Count < count && (bytes += printed[at].Length) <= limit; at--) expected.Insert(0, at);
            Assert.Equal(expected, log.Tail(count, limit).Select(entry => (int)entry.Index));
        }
    }

    [Fact]
    public void Tail_AfterReopening_IsTheEndOfAll()
    {
        List<byte[]> printed = RandomLines(new Random(7), 3_000);
        using (LogStore store = Store(Small))
        {
            OpLog log = store.OpenOrCreate("job", "op");
            for (int i = 0; i < printed.Count; i++) log.Append(LogStream.Stdout, i, printed[i]);
        }
        using LogStore again = Store(Small);
        OpLog reopened = again.OpenOrCreate("job", "op");
        foreach (int count in (int[])[1, 2, 100, 1500, 3000, 4000])
            Assert.Equal(Enumerable.Range(0, 3000).TakeLast(count).Select(i => (long)i), reopened.Tail(count).Select(entry => entry.Index));
        Assert.Equal(2_990, reopened.ReadAll(2_990).First().Index);
    }

    [Fact]
    public void LastOf_SeveralEntriesOfOneMoment_CountsThemPerStream()
    {
        using LogStore store = Store(Small);
        OpLog log = store.OpenOrCreate("job", "op");
        Assert.Null(log.LastOf(LogStream.Stdout));
        log.Append(LogStream.Stdout, 1, "a\n"u8);
        log.Append(LogStream.Stdout, 2, "b\n"u8);
        log.Append(LogStream.Stderr, 2, "c\n"u8);
        log.Append(LogStream.Stdout, 2, "d\n"u8);
        log.AppendNodeError("x");
        Assert.Equal(new LogPosition(2, 2), log.LastOf(LogStream.Stdout));
        Assert.Equal(new LogPosition(2, 1), log.LastOf(LogStream.Stderr));
    }

    [Fact]
    public async Task Subscribe_WithATail_GoesOnWithoutMissingOrRepeating()
    {
        using LogStore store = Store(Small);
        OpLog log = store.OpenOrCreate("job", "op");
        for (int i = 0; i < 10; i++) log.Append(LogStream.Stdout, i, "before\n"u8);
        using LogSubscription subscription = log.Subscribe(tail: 3);
        for (int i = 10; i < 15; i++) log.Append(LogStream.Stdout, i, "after\n"u8);
        log.Complete();
        var live = new List<long>();
        await foreach (LogEntry entry in subscription.ReadAllAsync(TestContext.Current.CancellationToken)) live.Add(entry.Index);
        Assert.Equal([7, 8, 9], subscription.Backlog.Select(entry => entry.Index));
        Assert.Equal([10, 11, 12, 13, 14], live);
        Assert.Equal(0, subscription.Dropped);
    }

    [Fact]
    public async Task Subscribe_SlowReader_HoldsNobodyUpAndFindsTheRestInTheStore()
    {
        using LogStore store = Store(new LogOptions { SubscriberCapacity = 10 });
        OpLog log = store.OpenOrCreate("job", "op");
        using LogSubscription slow = log.Subscribe();
        for (int i = 0; i < 100; i++) log.Append(LogStream.Stdout, i, Encoding.UTF8.GetBytes($"{i}\n"));
        await using IAsyncEnumerator<LogEntry> reader = slow.ReadAllAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        for (int i = 0; i < 100; i++)
        {
            Assert.True(await reader.MoveNextAsync());
            Assert.Equal((i, $"{i}\n"), (reader.Current.Index, reader.Current.Text));
        }
        ValueTask<bool> next = reader.MoveNextAsync();
        Assert.False(next.IsCompleted);
        log.Append(LogStream.Stdout, 100, "100\n"u8);
        Assert.True(await next);
        Assert.Equal(100, reader.Current.Index);
        log.Complete();
        Assert.False(await reader.MoveNextAsync());
        Assert.Equal(0, slow.Dropped);
    }

    [Fact]
    public async Task Subscribe_LongLines_AreReadFromTheStoreInTheirPlace()
    {
        using LogStore store = Store(new LogOptions { SubscriberEntryBytes = 3 });
        OpLog log = store.OpenOrCreate("job", "op");
        using LogSubscription subscription = log.Subscribe();
        string[] printed = ["a\n", "long\n", "b\n", "c\n", "longer\n", "longest\n"];
        foreach (string line in printed) log.Append(LogStream.Stdout, 1, Encoding.UTF8.GetBytes(line));
        log.Complete();
        var read = new List<string>();
        await foreach (LogEntry entry in subscription.ReadAllAsync(TestContext.Current.CancellationToken)) read.Add(entry.Text);
        Assert.Equal(printed, read);
        Assert.Equal(0, subscription.Dropped);
    }

    [Fact]
    public async Task Subscribe_ReaderSlowerThanTheBudgetAllows_CountsWhatItLost()
    {
        using LogStore store = Store(new LogOptions { BudgetBytes = 16 << 10, SubscriberCapacity = 10 });
        OpLog log = store.OpenOrCreate("job", "op");
        using LogSubscription slow = log.Subscribe();
        for (int i = 0; i < 2_000; i++) log.Append(LogStream.Stdout, i, "a line\n"u8);
        log.Complete();
        Assert.True(log.FirstEntry > 10);
        var read = new List<long>();
        await foreach (LogEntry entry in slow.ReadAllAsync(TestContext.Current.CancellationToken)) read.Add(entry.Index);
        long lost = log.FirstEntry - 10;
        Assert.Equal([.. Enumerable.Range(0, 10), .. Enumerable.Range((int)log.FirstEntry, 2_000 - (int)log.FirstEntry)], read);
        Assert.Equal(lost, slow.Dropped);
    }

    [Fact]
    public void ResultView_WithinTheLimits_CarriesEverything()
    {
        using LogStore store = Store(new LogOptions());
        OpLog log = store.OpenOrCreate("job", "op");
        for (int i = 0; i < 24_999; i++) log.Append(LogStream.Stdout, i, "x\n"u8);
        ResultLogs result = log.ResultView();
        Assert.Null(result.Dropped);
        Assert.Equal(24_999, result.Entries.Count);
    }

    [Fact]
    public void ResultView_OneEntryTooMany_SaysWhatIsCut()
    {
        using LogStore store = Store(new LogOptions());
        OpLog log = store.OpenOrCreate("job", "op");
        List<byte[]> printed = [.. Enumerable.Range(0, 25_000).Select(i => Encoding.UTF8.GetBytes($"line {i}\n"))];
        for (int i = 0; i < printed.Count; i++) log.Append(LogStream.Stdout, i, printed[i]);
        ResultLogs result = log.ResultView();
        Assert.Equal(24_999, result.Entries.Count);
        Assert.Equal(LogStream.NodeError, result.Entries[0].Stream);
        Assert.Equal("line 2\n", result.Entries[1].Text);
        Assert.Equal("line 24999\n", result.Entries[^1].Text);
        Assert.Equal(new DroppedLogs(2, 14, Digest(printed)), result.Dropped);
        Assert.Contains(Digest(printed), result.Entries[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void ResultView_TooManyBytes_KeepsTheNewestThatFit()
    {
        using LogStore store = Store(new LogOptions { ResultBytes = 1000, SegmentBytes = 5000 });
        OpLog log = store.OpenOrCreate("job", "op");
        byte[] line = Encoding.UTF8.GetBytes(new string('x', 99) + "\n");
        for (int i = 0; i < 500; i++) log.Append(LogStream.Stdout, i, line);
        ResultLogs result = log.ResultView();
        Assert.Equal(1 + 10, result.Entries.Count);
        Assert.Equal((490, 49_000), (result.Dropped!.Lines, result.Dropped.Bytes));
    }

    [Fact]
    public void ResultView_LineInPieces_CountsItOnce()
    {
        using LogStore store = Store(new LogOptions { ResultEntries = 3 });
        OpLog log = store.OpenOrCreate("job", "op");
        for (int i = 0; i < 4; i++)
        {
            log.Append(LogStream.Stdout, i, "half "u8, continues: true);
            log.Append(LogStream.Stdout, i, "line\n"u8);
        }
        ResultLogs result = log.ResultView();
        Assert.Equal(4, log.Totals.Lines);
        Assert.Equal(3, result.Dropped!.Lines);
        Assert.Equal(30, result.Dropped.Bytes);
    }

    private static List<byte[]> RandomLines(Random random, int count)
    {
        var lines = new List<byte[]>(count);
        for (int i = 0; i < count; i++)
        {
            string text = i.ToString(CultureInfo.InvariantCulture) + new string('x', random.Next(random.Next(20) == 0 ? 3000 : 60));
            lines.Add(Encoding.UTF8.GetBytes(text + "\n"));
        }
        return lines;
    }

    private static string Digest(IEnumerable<byte[]> lines) => Convert.ToHexStringLower(SHA256.HashData([.. lines.SelectMany(line => line)]));

    private static IEnumerable<string> Segments(string directory) =>
        Directory.EnumerateFiles(directory, "*.seg", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static int AssertPrefix(string directory, List<byte[]> printed, int atMost)
    {
        using var store = new LogStore(directory, Small);
        OpLog log = store.OpenOrCreate("job", "op");
        LogEntry[] entries = [.. log.ReadAll()];
        Assert.InRange(entries.Length, 0, atMost);
        for (int i = 0; i < entries.Length; i++) Assert.Equal(printed[i], entries[i].Bytes.ToArray());
        Assert.Equal((entries.Length, entries.Length, Digest(printed.Take(entries.Length))), (log.Totals.Entries, log.Totals.Lines, log.Totals.Sha256));
        return entries.Length;
    }

    private LogStore Store(LogOptions options) => new(_directory.Path, options);
}
