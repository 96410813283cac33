using System.Text;
using static Nosana.Docker.MultiplexedStream;

namespace Nosana.Docker.Tests;

public sealed class MultiplexedStreamTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReadFrameAsync_SeveralFramesInOneRead_ReturnsEach()
    {
        await using MultiplexedStream stream = Open(FrameBytes.Join(FrameBytes.Of(1, "out"), FrameBytes.Of(2, ""), FrameBytes.Of(2, "err"), FrameBytes.Of(0, "in")));

        var seen = new List<(TargetStream, string, bool, bool)>();
        while (await stream.ReadFrameAsync(Token) is { IsEndOfStream: false } frame)
            seen.Add((frame.Target, Encoding.UTF8.GetString(frame.Data.Span), frame.IsStart, frame.IsEnd));

        Assert.Equal(
            [
                (TargetStream.StandardOut, "out", true, true), (TargetStream.StandardError, "", true, true),
                (TargetStream.StandardError, "err", true, true), (TargetStream.StandardIn, "in", true, true),
            ],
            seen);
        Assert.True((await stream.ReadFrameAsync(Token)).IsEndOfStream);
    }

    [Fact]
    public async Task ReadFrameAsync_FrameLongerThanTheBuffer_ComesInPieces()
    {
        byte[] payload = new byte[300_000];
        Random.Shared.NextBytes(payload);
        await using MultiplexedStream stream = Open(FrameBytes.Join(FrameBytes.Of(2, payload), FrameBytes.Of(1, "after")), 5_000);

        using var joined = new MemoryStream();
        LogFrame frame = await stream.ReadFrameAsync(Token);
        Assert.True(frame.IsStart);
        Assert.True(frame.Data.Length >= 64 * 1024 - 8);
        joined.Write(frame.Data.Span);
        while (!frame.IsEnd)
        {
            frame = await stream.ReadFrameAsync(Token);
            Assert.Equal(TargetStream.StandardError, frame.Target);
            Assert.False(frame.IsStart);
            joined.Write(frame.Data.Span);
        }

        Assert.Equal(payload, joined.ToArray());
        Assert.Equal("after"u8.ToArray(), (await stream.ReadFrameAsync(Token)).Data.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task ReadFrameAsync_EndInsideHeader_Throws(int length)
    {
        await using MultiplexedStream stream = Open(FrameBytes.Join(FrameBytes.Of(1, "whole"), FrameBytes.Of(1, "x")[..length]));

        Assert.Equal(5, (await stream.ReadFrameAsync(Token)).Data.Length);
        var e = await Assert.ThrowsAsync<DockerStreamException>(async () => await stream.ReadFrameAsync(Token));
        Assert.Contains($"{length} of 8 bytes", e.Message);
    }

    [Fact]
    public async Task ReadFrameAsync_EndInsidePayload_ReturnsWhatArrivedThenThrows()
    {
        await using MultiplexedStream stream = Open(FrameBytes.Of(1, "0123456789")[..12]);

        LogFrame piece = await stream.ReadFrameAsync(Token);
        Assert.Equal("0123"u8.ToArray(), piece.Data.ToArray());
        Assert.False(piece.IsEnd);
        var e = await Assert.ThrowsAsync<DockerStreamException>(async () => await stream.ReadFrameAsync(Token));
        Assert.Contains("4 of 10 bytes", e.Message);
    }

    [Theory]
    [InlineData("plain text of a terminal\n")]
    [InlineData("\u0001\0\0\u0001\0\0\0\u0001x")]
    [InlineData("\u0001\0\0\0\u0004\0\0\u0001x")]
    [InlineData("\u0004\0\0\0\0\0\0\u0001x")]
    public async Task ReadFrameAsync_BytesThatAreNoFrames_Throws(string bytes)
    {
        await using MultiplexedStream stream = Open(Encoding.Latin1.GetBytes(bytes));

        var e = await Assert.ThrowsAsync<DockerStreamException>(async () => await stream.ReadFrameAsync(Token));
        Assert.Contains("has a terminal", e.Message);
    }

    [Fact]
    public async Task ReadFrameAsync_ErrorOfTheEngineInTheStream_ThrowsItsText()
    {
        await using MultiplexedStream stream = Open(FrameBytes.Of(3, "log file is gone"));

        var e = await Assert.ThrowsAsync<DockerStreamException>(async () => await stream.ReadFrameAsync(Token));
        Assert.Contains("log file is gone", e.Message);
    }

    [Fact]
    public async Task ReadFrameAsync_ConnectionBreaks_ThrowsTypedException()
    {
        await using var stream = new MultiplexedStream(new CutStream(FrameBytes.Of(1, "x"), [], new IOException("reset")));

        Assert.Equal(1, (await stream.ReadFrameAsync(Token)).Data.Length);
        var e = await Assert.ThrowsAsync<DockerStreamException>(async () => await stream.ReadFrameAsync(Token));
        Assert.Contains("reset", e.Message);
    }

    [Fact]
    public async Task ReadOutputAsync_EmptyFramesBetween_AreNoEnd()
    {
        await using MultiplexedStream stream = Open(FrameBytes.Join(FrameBytes.Of(1, ""), FrameBytes.Of(2, "abc"), FrameBytes.Of(1, "")));
        byte[] buffer = new byte[2];

        Assert.Equal(new ReadResult(2, TargetStream.StandardError), await stream.ReadOutputAsync(buffer, 0, 2, Token));
        Assert.Equal(new ReadResult(1, TargetStream.StandardError), await stream.ReadOutputAsync(buffer, 0, 2, Token));
        Assert.True((await stream.ReadOutputAsync(buffer, 0, 2, Token)).EOF);
    }

    [Fact]
    public async Task ReadOutputToEndAsync_TwoStreams_SeparatesThem()
    {
        await using MultiplexedStream stream = Open(FrameBytes.Join(FrameBytes.Of(1, "a"), FrameBytes.Of(2, "é"), FrameBytes.Of(1, "b")), 3);

        Assert.Equal(("ab", "é"), await stream.ReadOutputToEndAsync(Token));
    }

    [Fact]
    public async Task ReadFrameAsync_AfterDispose_Throws()
    {
        MultiplexedStream stream = Open(FrameBytes.Of(1, "a"));
        await stream.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await stream.ReadFrameAsync(Token));
    }

    [Fact]
    public async Task ReadFrameAsync_ManyFrames_AllocatesNothingPerFrame()
    {
        const int Frames = 20_000;
        byte[] one = FrameBytes.Of(1, "a line of ordinary length\n");
        byte[] all = new byte[one.Length * Frames];
        for (int i = 0; i < Frames; i++) one.CopyTo(all, i * one.Length);
        await using MultiplexedStream stream = new(new MemoryStream(all));
        await stream.ReadFrameAsync(Token);

        long before = GC.GetAllocatedBytesForCurrentThread();
        int read = 1;
        while (await stream.ReadFrameAsync(Token) is { IsEndOfStream: false }) read++; // a memory stream never makes it wait, so this stays on one thread
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(Frames, read);
        Assert.True(allocated < Frames, $"{allocated} bytes for {Frames} frames");
    }

    private static MultiplexedStream Open(byte[] bytes, params int[] cuts) => new(new CutStream(bytes, cuts));
}
