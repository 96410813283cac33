using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Docker;
using Nosana.Node.Logs;
using Nosana.Testing;

namespace Nosana.Node.Tests.Logs;

public sealed class LogCaptureTests : IDisposable
{
    private const long Second = 1_000_000_000;

    private readonly TemporaryDirectory _directory = new();
    private readonly ManualTimeProvider _clock = new();
    private readonly FrameScript _script = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task RunAsync_WholeOutput_IsStoredOnce()
    {
        List<byte[]> lines = Script(new Random(1), 5_000);
        using var store = new LogStore(_directory.Path, new LogOptions());
        OpLog log = store.OpenOrCreate("job", "op");
        int attachments = await RunAsync(log, (request, _) => Task.FromResult<MultiplexedStream?>(_script.Open(request.Since, chunk: 777)), Task.CompletedTask);
        Assert.Equal(1, attachments);
        AssertStored(log, lines);
    }

    [Fact]
    public async Task RunAsync_ConnectionBreaksAgainAndAgain_LosesAndRepeatsNothing()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var script = new FrameScript();
            List<byte[]> lines = Script(random, 3_000, script);
            using var directory = new TemporaryDirectory();
            using var store = new LogStore(directory.Path, new LogOptions { MaxLineBytes = 30_000 });
            OpLog log = store.OpenOrCreate("job", "op");
            int opened = 0;
            int attachments = await RunAsync(log, (request, _) => Task.FromResult<MultiplexedStream?>(
                script.Open(request.Since, breakAfter: ++opened > 25 ? null : random.Next(script.Bytes(request.Since).Length), chunk: random.Next(1, 70_000))), Task.CompletedTask);
            Assert.Equal(26, attachments);
            Assert.Equal(Digest(lines), log.Totals.Sha256);
            AssertStored(log, lines);
        }
    }

    [Fact]
    public async Task RunAsync_EngineIsGoneForGood_EndsAndSaysSo()
    {
        using var store = new LogStore(_directory.Path, new LogOptions());
        OpLog log = store.OpenOrCreate("job", "op");
        await RunAsync(log, (_, _) => throw new DockerUnavailableException(new Uri("unix:///x.sock"), "does not answer", "Start it"), Task.CompletedTask);
        LogEntry entry = Assert.Single(log.ReadAll());
        Assert.Equal(LogStream.NodeError, entry.Stream);
        Assert.Contains("does not answer", entry.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ProcessKilledAgainAndAgain_LosesAndRepeatsNothing()
    {
        var random = new Random(42);
        List<byte[]> lines = Script(random, 3_000);
        TemporaryDirectory directory = new();
        for (int round = 0; round < 15; round++)
        {
            using var killed = new CancellationTokenSource();
            var store = new LogStore(directory.Path, new LogOptions());
            // The capture stands still at the break, as before an engine that prints no more, and is killed there.
            Task<int> capture = new LogCapture(store.OpenOrCreate("job", "op"), (request, _) =>
                Task.FromResult<MultiplexedStream?>(_script.Open(request.Since, breakAfter: random.Next(_script.Bytes(request.Since).Length))), long.MaxValue, NullLogger<LogCapture>.Instance, _clock)
                .RunAsync(Task.CompletedTask, cancellationToken: killed.Token);
            await Eventually.TrueAsync(() => capture.IsCompleted || _clock.ActiveTimers > 0, "the break");
            TemporaryDirectory next = directory.Copy();
            await killed.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => capture);
            store.Dispose();
            directory.Dispose();
            directory = next;
        }
        using var last = new LogStore(directory.Path, new LogOptions());
        OpLog log = last.OpenOrCreate("job", "op");
        await RunAsync(log, (request, _) => Task.FromResult<MultiplexedStream?>(_script.Open(request.Since)), Task.CompletedTask);
        AssertStored(log, lines);
        last.Dispose();
        directory.Dispose();
    }

    [Fact]
    public async Task RunAsync_EngineDroppedTheNewestStoredLine_MarksTheGap()
    {
        _script.AddLine(1 * Second, LogStream.Stdout, "one\n"u8);
        using var store = new LogStore(_directory.Path, new LogOptions());
        OpLog log = store.OpenOrCreate("job", "op");
        await RunAsync(log, (request, _) => Task.FromResult<MultiplexedStream?>(_script.Open(request.Since)), Task.CompletedTask);
        _script.AddLine(100 * Second, LogStream.Stdout, "three\n"u8);
        _script.DropBefore(50 * Second);
        await RunAsync(log, (request, _) => Task.FromResult<MultiplexedStream?>(_script.Open(request.Since)), Task.CompletedTask);
        LogEntry[] entries = [.. log.ReadAll()];
        Assert.Equal([LogStream.Stdout, LogStream.NodeError, LogStream.Stdout], entries.Select(entry => entry.Stream));
        Assert.Contains("missing", entries[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_StderrOlderThanTheOverlap_IsNoGap()
    {
        _script.AddLine(1 * Second, LogStream.Stderr, "early\n"u8);
        _script.AddLine(100 * Second, LogStream.Stdout, "late\n"u8);
        using var store = new LogStore(_directory.Path, new LogOptions());
        OpLog log = store.OpenOrCreate("job", "op");
        await RunAsync(log, (request, _) => Task.FromResult<MultiplexedStream?>(_script.Open(request.Since)), Task.CompletedTask);
        _script.AddLine(101 * Second, LogStream.Stderr, "later\n"u8);
        await RunAsync(log, (request, _) => Task.FromResult<MultiplexedStream?>(_script.Open(request.Since)), Task.CompletedTask);
        Assert.Equal(["early\n", "late\n", "later\n"], log.ReadAll().Select(entry => entry.Text));
    }

    [Fact]
    public async Task RunAsync_OutputEndsWhileTheContainerRuns_AttachesAgain()
    {
        _script.AddLine(1 * Second, LogStream.Stdout, "first run\n"u8);
        var exited = new TaskCompletionSource();
        int opened = 0;
        using var store = new LogStore(_directory.Path, new LogOptions());
        OpLog log = store.OpenOrCreate("job", "op");
        await RunAsync(log, (request, _) =>
        {
            if (++opened == 2)
            {
                _script.AddLine(2 * Second, LogStream.Stdout, "second run\n"u8);
                exited.SetResult();
            }
            return Task.FromResult<MultiplexedStream?>(_script.Open(request.Since));
        }, exited.Task);
        Assert.Equal(["first run\n", "second run\n"], log.ReadAll().Select(entry => entry.Text));
    }

    [Theory]
    [InlineData(5, 4, new[] { 0 })] // little: all is read again
    [InlineData(3_000, 2_990, new[] { 1000 })]
    [InlineData(3_000, 1_100, new[] { 1000, 0 })] // the last frames begin after what is stored
    public async Task RunAsync_FollowerEndsBeforeTheLastLines_FindsThemAfterwards(int lines, int followed, int[] looks)
    {
        for (int i = 1; i <= lines; i++) _script.AddLine(i * Second / 100, LogStream.Stdout, Encoding.UTF8.GetBytes($"line {i}\n"));
        using var store = new LogStore(_directory.Path, new LogOptions());
        OpLog log = store.OpenOrCreate("job", "op");
        var exited = new TaskCompletionSource();
        var requests = new List<LogStreamRequest>();
        await RunAsync(log, (request, _) =>
        {
            requests.Add(request);
            if (request.Follow) exited.SetResult();
            return Task.FromResult<MultiplexedStream?>(_script.Open(request.Since, tail: request.Tail, newest: request.Follow ? followed : null));
        }, exited.Task);
        Assert.Equal(Enumerable.Range(1, lines).Select(i => $"line {i}\n"), log.ReadAll().Select(entry => entry.Text));
        Assert.Equal(looks, requests.Skip(1).Select(request => request.Tail ?? 0));
    }

    [Fact]
    public async Task RunAsync_EngineLogMayBeRotated_IsReadWithoutFollowing()
    {
        List<byte[]> lines = Script(new Random(9), 2_000);
        using var store = new LogStore(_directory.Path, new LogOptions());
        OpLog log = store.OpenOrCreate("job", "op");
        var exited = new TaskCompletionSource();
        var follows = new List<bool>();
        await RunAsync(log, (request, _) =>
        {
            follows.Add(request.Follow);
            if (follows.Count == 4) exited.SetResult();
            return Task.FromResult<MultiplexedStream?>(_script.Open(request.Since));
        }, exited.Task, followedBytes: 50_000);
        Assert.Equal([true, false, false, false, false], follows);
        AssertStored(log, lines);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_EngineSaysNothingAfterTheContainersEnd_KeepsWhatCameAndGivesUpSoon(bool isSilentBeforeItsEnd)
    {
        List<byte[]> lines = Script(new Random(4), 50);
        using var store = new LogStore(_directory.Path, new LogOptions());
        OpLog log = store.OpenOrCreate("job", "op");
        var exited = new TaskCompletionSource();
        if (!isSilentBeforeItsEnd) exited.SetResult();
        DateTimeOffset began = _clock.GetUtcNow();
        Task<int> capture = RunAsync(log, (request, _) => Task.FromResult<MultiplexedStream?>(_script.Open(request.Since, endsInSilence: true)), exited.Task);
        await Eventually.TrueAsync(() => log.EntryCount >= lines.Count - 1, "the output");
        exited.TrySetResult();
        await capture;
        LogEntry[] entries = [.. log.ReadAll()];
        Assert.Equal(LogStream.NodeError, entries[^1].Stream);
        Assert.Contains("says no more", entries[^1].Text, StringComparison.Ordinal);
        Assert.InRange(entries.Length, lines.Count, lines.Count + 1); // the last line has no end
        Assert.InRange(_clock.GetUtcNow() - began, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task RunAsync_EngineDoesNotEvenOpenTheOutput_GivesUpSoon()
    {
        using var store = new LogStore(_directory.Path, new LogOptions());
        OpLog log = store.OpenOrCreate("job", "op");
        int opened = 0;
        await RunAsync(log, (_, _) =>
        {
            opened++;
            return new TaskCompletionSource<MultiplexedStream?>().Task;
        }, Task.CompletedTask);
        Assert.Contains("says no more", Assert.Single(log.ReadAll()).Text, StringComparison.Ordinal);
        Assert.Equal(2, opened);
    }

    [Fact]
    public async Task RunAsync_ContainerIsGone_EndsAndSaysSo()
    {
        using var store = new LogStore(_directory.Path, new LogOptions());
        OpLog log = store.OpenOrCreate("job", "op");
        await RunAsync(log, (_, _) => Task.FromResult<MultiplexedStream?>(null), Task.CompletedTask);
        Assert.Equal(LogStream.NodeError, Assert.Single(log.ReadAll()).Stream);
    }

    [Fact]
    public async Task RunAsync_EngineBreaksOffAtTheSamePlaceEachTime_KeepsWhatComesAndEnds()
    {
        List<byte[]> lines = Script(new Random(3), 200);
        using var store = new LogStore(_directory.Path, new LogOptions());
        OpLog log = store.OpenOrCreate("job", "op");
        int attachments = await RunAsync(log, (request, _) => Task.FromResult<MultiplexedStream?>(_script.Open(null, breakAfter: _script.Bytes(null).Length / 2)), Task.CompletedTask);
        LogEntry[] entries = [.. log.ReadAll()];
        Assert.Equal(LogStream.NodeError, entries[^1].Stream);
        Assert.Contains("breaks off each time", entries[^1].Text, StringComparison.Ordinal);
        Assert.Equal(Digest(lines.Take(entries.Length - 1)), Digest(entries[..^1].Select(entry => entry.Bytes.ToArray())));
        Assert.InRange(entries.Length, 50, 150);
        Assert.InRange(attachments, 10, 100); // for two minutes, with pauses that grow to five seconds
    }

    private List<byte[]> Script(Random random, int count, FrameScript? script = null)
    {
        var lines = new List<byte[]>();
        long timestamp = Second;
        for (int i = 0; i < count; i++)
        {
            if (random.Next(3) > 0) timestamp += random.Next(1, 20_000_000);
            int length = random.Next(300) == 0 ? random.Next(100_000) : random.Next(80);
            byte[] line = Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture) + new string('é', length) + (i == count - 1 ? "" : "\n"));
            LogStream stream = random.Next(4) == 0 ? LogStream.Stderr : LogStream.Stdout;
            (script ?? _script).AddLine(timestamp, stream, line);
            lines.Add(line);
        }
        return lines;
    }

    /// <summary>Entries joined per stream in the order of storing: lines of the two streams that lie in pieces may stand in each other.</summary>
    private static void AssertStored(OpLog log, List<byte[]> lines)
    {
        Assert.Equal(lines.Count, log.Totals.Lines);
        Assert.Equal(Digest(lines), log.Totals.Sha256);
        Assert.Equal(Digest(lines), Digest(log.ReadAll().Select(entry => entry.Bytes.ToArray())));
    }

    private static string Digest(IEnumerable<byte[]> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (byte[] part in parts) hash.AppendData(part);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private async Task<int> RunAsync(OpLog log, OpenLogStream open, Task exited, long followedBytes = long.MaxValue)
    {
        Task<int> capture = new LogCapture(log, open, followedBytes, NullLogger<LogCapture>.Instance, _clock)
            .RunAsync(exited, cancellationToken: TestContext.Current.CancellationToken);
        while (!capture.IsCompleted)
        {
            if (_clock.ActiveTimers > 0) _clock.Advance(TimeSpan.FromSeconds(1));
            // Not by yielding: a loop that never rests takes the time that the capture needs, and that of the tests beside this one.
            await Task.WhenAny(capture, Task.Delay(TimeSpan.FromMilliseconds(1), TestContext.Current.CancellationToken));
        }
        return await capture;
    }
}
