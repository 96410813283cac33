using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Nosana.Benchmarks.Output;

/// <summary>An engine's answer without an engine: one block of timestamped frames, over and over, as fast as it is read.</summary>
internal sealed class ReplayedFrames : Stream
{
    private const int HeaderLength = 8;
    private const int LinesOfBlock = 10_000;
    private const int StderrEvery = 10;

    private readonly byte[] _block;
    private readonly byte[] _text;
    private readonly int _blocks;
    private long _position;

    /// <param name="lines">Rounded up to whole blocks.</param>
    public ReplayedFrames(int lines)
    {
        _blocks = (lines + LinesOfBlock - 1) / LinesOfBlock;
        using MemoryStream frames = new(), text = new();
        Span<byte> header = stackalloc byte[HeaderLength];
        for (int i = 0; i < LinesOfBlock; i++)
        {
            byte[] line = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"step {i:D6}: loss 2.71828, 1234.5 tokens a second\n"));
            byte[] time = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"2026-01-02T03:04:05.{i * 1000:D9}Z "));
            header.Clear();
            header[0] = i % StderrEvery == 0 ? (byte)2 : (byte)1;
            BinaryPrimitives.WriteInt32BigEndian(header[4..], time.Length + line.Length);
            frames.Write(header);
            frames.Write(time);
            frames.Write(line);
            text.Write(line);
        }
        _block = frames.ToArray();
        _text = text.ToArray();
    }

    public long Lines => (long)_blocks * LinesOfBlock;

    public override long Length => (long)_blocks * _block.Length;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>Digest, in hex, of all lines.</summary>
    public string Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < _blocks; i++) hash.AppendData(_text);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public override int Read(Span<byte> buffer)
    {
        int at = (int)(_position % _block.Length);
        int count = (int)Math.Min(Math.Min(buffer.Length, _block.Length - at), Length - _position);
        _block.AsSpan(at, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
