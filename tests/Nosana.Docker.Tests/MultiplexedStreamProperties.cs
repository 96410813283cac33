using FsCheck.Fluent;
using FsCheck;
using static Nosana.Docker.MultiplexedStream;

namespace Nosana.Docker.Tests;

/// <summary>Whatever frames an engine sends and wherever the reads cut them, the same bytes come out of the same streams in the same order.</summary>
public sealed class MultiplexedStreamProperties
{
    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(300);

    /// <summary>Payload lengths with an accent on the borders: nothing, a byte, the reader's buffer and beyond.</summary>
    private static readonly Gen<int> PayloadLength = Gen.Frequency(
        (2, Gen.Constant(0)), (6, Gen.Choose(1, 40)), (2, Gen.Choose(1_000, 20_000)), (1, Gen.Choose(65_520, 65_545)), (1, Gen.Choose(100_000, 150_000)));

    private static readonly Gen<(int Target, byte[] Payload)> Frame =
        from target in Gen.Choose(1, 2)
        from length in PayloadLength
        from seed in Gen.Choose(0, int.MaxValue)
        select (target, Payload(length, seed));

    private static readonly Gen<int[]> Cuts = Gen.ArrayOf(Gen.Frequency(
        (4, Gen.Choose(1, 9)), (3, Gen.Choose(10, 500)), (2, Gen.Choose(1_000, 70_000)))).Where(cuts => cuts.Length > 0);

    private static readonly Gen<((int Target, byte[] Payload)[] Frames, int[] Cuts)> Case =
        from frames in Gen.ArrayOf(Frame).Resize(12)
        from cuts in Cuts.Resize(20)
        select (frames, cuts);

    [Fact]
    public void ReadFrameAsync_AnyCuts_ReturnsTheFramesThatWereSent() =>
        Prop.ForAll(Case.ToArbitrary(), input =>
            ReadAsync(input.Frames, input.Cuts).GetAwaiter().GetResult()).Check(Runs);

    [Fact]
    public void ReadFrameAsync_CutOffAnywhere_ReturnsAPrefixAndTellsTruncationFromTheEnd() =>
        Prop.ForAll(Case.ToArbitrary(), Gen.Choose(0, 1_000_000).ToArbitrary(), (input, where) =>
        {
            byte[] wire = FrameBytes.Join(input.Frames.Select(f => FrameBytes.Of(f.Target, f.Payload)));
            int length = wire.Length == 0 ? 0 : where % (wire.Length + 1);
            bool onBorder = Borders(input.Frames).Contains(length);
            using var stream = new MultiplexedStream(new CutStream(wire[..length], input.Cuts));
            using var both = new MemoryStream();
            bool threw = false;
            try
            {
                stream.CopyOutputToAsync(null, both, both, CancellationToken.None).GetAwaiter().GetResult();
            }
            catch (DockerStreamException)
            {
                threw = true;
            }
            return threw != onBorder && both.ToArray().AsSpan().SequenceEqual(ExpectedPrefix(input.Frames, length));
        }).Check(Runs);

    private static async Task<bool> ReadAsync((int Target, byte[] Payload)[] frames, int[] cuts)
    {
        byte[] wire = FrameBytes.Join(frames.Select(f => FrameBytes.Of(f.Target, f.Payload)));
        await using var stream = new MultiplexedStream(new CutStream(wire, cuts));
        foreach ((int target, byte[] payload) in frames)
        {
            using var joined = new MemoryStream();
            bool isStart = true;
            LogFrame piece;
            do
            {
                piece = await stream.ReadFrameAsync();
                if (piece.IsEndOfStream || piece.IsStart != isStart || piece.Target != (TargetStream)target) return false;
                isStart = false;
                joined.Write(piece.Data.Span);
            }
            while (!piece.IsEnd);
            if (!payload.AsSpan().SequenceEqual(joined.ToArray())) return false;
        }
        return (await stream.ReadFrameAsync()).IsEndOfStream;
    }

    private static HashSet<int> Borders((int Target, byte[] Payload)[] frames)
    {
        var borders = new HashSet<int> { 0 };
        int at = 0;
        foreach ((_, byte[] payload) in frames) borders.Add(at += 8 + payload.Length);
        return borders;
    }

    private static byte[] ExpectedPrefix((int Target, byte[] Payload)[] frames, int length)
    {
        using var expected = new MemoryStream();
        foreach ((_, byte[] payload) in frames)
        {
            length -= 8;
            if (length <= 0) break;
            expected.Write(payload, 0, Math.Min(length, payload.Length));
            length -= payload.Length;
        }
        return expected.ToArray();
    }

    private static byte[] Payload(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
