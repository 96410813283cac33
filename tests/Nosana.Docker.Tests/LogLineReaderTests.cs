using System.Text;
using FsCheck.Fluent;
using FsCheck;
using static Nosana.Docker.MultiplexedStream;

namespace Nosana.Docker.Tests;

public sealed class LogLineReaderTests
{
    private const string Stamp = "2026-11-21T02:35:00.123456789Z ";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadAsync_InterleavedStreams_KeepsEachLineWhole()
    {
        List<Line> lines = await ReadAsync(false, 64, FrameBytes.Of(1, "out"), FrameBytes.Of(2, "err\n"), FrameBytes.Of(1, "put\nnext\n"));

        Assert.Equal([new(2, "err"), new(1, "output"), new(1, "next")], lines);
    }

    [Fact]
    public async Task ReadAsync_LineOverSeveralFrames_TakesTheTimestampOffEach()
    {
        List<Line> lines = await ReadAsync(true, 64, FrameBytes.Of(1, Stamp + "a"), FrameBytes.Of(1, "2026-11-21T02:35:01.5Z b"), FrameBytes.Of(1, Stamp + "c\n"));

        Assert.Equal([new(1, "abc") { Time = "2026-11-21T02:35:00.123456789Z" }], lines);
    }

    [Fact]
    public async Task ReadAsync_FrameWithoutTimestamp_KeepsItsBytes()
    {
        List<Line> lines = await ReadAsync(true, 64, FrameBytes.Of(1, "2026-not a time\n"), FrameBytes.Of(1, Stamp + "\n"));

        Assert.Equal([new(1, "2026-not a time"), new(1, "") { Time = "2026-11-21T02:35:00.123456789Z" }], lines);
    }

    [Fact]
    public async Task ReadAsync_LineOverTheLimit_IsCutAndFlagged()
    {
        List<Line> lines = await ReadAsync(false, 64, FrameBytes.Of(1, new string('a', 100)), FrameBytes.Of(1, new string('b', 50) + "\nend\n"));

        Assert.Equal(
            [
                new(1, new string('a', 64), IsTerminated: false), new(1, new string('a', 36) + new string('b', 28), IsTerminated: false, IsContinuation: true),
                new(1, new string('b', 22), IsContinuation: true), new(1, "end"),
            ],
            lines);
    }

    [Fact]
    public async Task ReadAsync_LimitInsideACharacter_CutsBeforeIt()
    {
        List<Line> lines = await ReadAsync(false, 64, FrameBytes.Of(1, new string('a', 62)), FrameBytes.Of(1, "€\n"));

        Assert.Equal([new(1, new string('a', 62), IsTerminated: false), new(1, "€", IsContinuation: true)], lines);
    }

    [Fact]
    public async Task ReadAsync_LineOfExactlyTheLimit_IsNotCut()
    {
        List<Line> lines = await ReadAsync(false, 64, FrameBytes.Of(1, new string('a', 64)), FrameBytes.Of(1, "\n"));

        Assert.Equal([new(1, new string('a', 64))], lines);
    }

    [Fact]
    public async Task ReadAsync_EndWithoutLineFeed_ReturnsTheRestOfBothStreams()
    {
        List<Line> lines = await ReadAsync(false, 64, FrameBytes.Of(2, "e"), FrameBytes.Of(1, "o"));

        Assert.Equal([new(1, "o", IsTerminated: false), new(2, "e", IsTerminated: false)], lines);
    }

    [Fact]
    public async Task ReadAsync_Truncated_ReturnsWhatArrivedThenThrows()
    {
        byte[] wire = FrameBytes.Join(FrameBytes.Of(1, "a\nb"), FrameBytes.Of(1, "cdef")[..10]);
        await using var reader = new LogLineReader(new MultiplexedStream(new MemoryStream(wire), true), false);

        Assert.True(await reader.ReadAsync(Token));
        Assert.Equal("a", Encoding.UTF8.GetString(reader.Current.Data.Span));
        Assert.True(await reader.ReadAsync(Token));
        Assert.Equal("bcd", Encoding.UTF8.GetString(reader.Current.Data.Span));
        Assert.False(reader.Current.IsTerminated);
        await Assert.ThrowsAsync<DockerStreamException>(async () => await reader.ReadAsync(Token));
    }

    [Fact]
    public async Task ReadAsync_TerminalWithTimestamps_ReadsThemAtLineStarts()
    {
        byte[] raw = Encoding.UTF8.GetBytes(Stamp + "one\r\n" + Stamp + "two\r\n");
        await using var reader = new LogLineReader(new MultiplexedStream(new CutStream(raw, [3]), multiplexed: false), timestamps: true);

        Assert.Equal(
            [new(1, "one\r") { Time = "2026-11-21T02:35:00.123456789Z" }, new(1, "two\r") { Time = "2026-11-21T02:35:00.123456789Z" }],
            await AllAsync(reader));
    }

    [Fact]
    public async Task ReadAsync_ManyTinyFramesWithoutLineFeed_StaysWithinTheLimit()
    {
        byte[] one = FrameBytes.Of(1, "x");
        byte[] wire = Enumerable.Repeat(one, 200_000).SelectMany(b => b).ToArray();
        await using var reader = new LogLineReader(new MultiplexedStream(new CutStream(wire, [9]), true), false, maxLineLength: 1_000);

        int total = 0;
        while (await reader.ReadAsync(Token))
        {
            Assert.Equal(1_000, reader.Current.Data.Length);
            total += reader.Current.Data.Length;
        }
        Assert.Equal(200_000, total);
    }

    [Fact]
    public void ReadAsync_AnyFramesCutsAndLimit_PutsTheWrittenBytesTogether()
    {
        Gen<(int Target, string Text)> frame =
            from target in Gen.Choose(1, 2)
            from text in Gen.ArrayOf(Gen.Elements("a", "b", "\n", "\r", "é", "€", "\U0001F600", new string('z', 70))).Resize(60)
            select (target, string.Concat(text));
        var cases =
            from frames in Gen.ArrayOf(frame)
            from cuts in Gen.NonEmptyListOf(Gen.Choose(1, 200))
            from limit in Gen.Choose(LogLineReader.SmallestMaxLineLength, 200)
            from timestamps in Gen.Elements(true, false)
            select (frames, cuts: cuts.ToArray(), limit, timestamps);

        Prop.ForAll(cases.ToArbitrary(), input =>
        {
            byte[] wire = FrameBytes.Join(input.frames.Select(f => FrameBytes.Of(f.Target, (input.timestamps ? Stamp : "") + f.Text)));
            using var reader = new LogLineReader(new MultiplexedStream(new CutStream(wire, input.cuts), true), input.timestamps, input.limit);
            using var stdout = new MemoryStream();
            using var stderr = new MemoryStream();
            while (reader.ReadAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult())
            {
                LogLine line = reader.Current;
                if (line.Data.Length > input.limit || line.Data.Span.Contains((byte)'\n') || line.Timestamp.HasValue != input.timestamps) return false;
                // Valid UTF-8 stays valid in every piece.
                if (Encoding.UTF8.GetString(line.Data.Span).Contains('\uFFFD')) return false;
                MemoryStream to = line.Target == TargetStream.StandardOut ? stdout : stderr;
                to.Write(line.Data.Span);
                if (line.IsTerminated) to.WriteByte((byte)'\n');
            }
            return Same(stdout, 1) && Same(stderr, 2);

            bool Same(MemoryStream read, int target) =>
                Encoding.UTF8.GetString(read.ToArray()) == string.Concat(input.frames.Where(f => f.Target == target).Select(f => f.Text));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    private static async Task<List<Line>> ReadAsync(bool timestamps, int limit, params byte[][] frames)
    {
        await using var reader = new LogLineReader(new MultiplexedStream(new CutStream(FrameBytes.Join(frames), [5, 11]), true), timestamps, limit);
        return await AllAsync(reader);
    }

    private static async Task<List<Line>> AllAsync(LogLineReader reader)
    {
        var lines = new List<Line>();
        while (await reader.ReadAsync(Token))
        {
            LogLine line = reader.Current;
            lines.Add(new Line((int)line.Target, Encoding.UTF8.GetString(line.Data.Span), line.IsTerminated, line.IsContinuation) { Time = line.Timestamp?.ToString() });
        }
        return lines;
    }

    private sealed record Line(int Target, string Text, bool IsTerminated = true, bool IsContinuation = false)
    {
        public string? Time { get; init; }
    }
}
