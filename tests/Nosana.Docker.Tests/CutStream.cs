namespace Nosana.Docker.Tests;

/// <summary>Bytes that arrive in reads of given lengths (used in turn), whatever the reader has room for.</summary>
internal sealed class CutStream(byte[] bytes, IReadOnlyList<int> cuts, Exception? endsWith = null) : Stream
{
    private int _at;
    private int _cut;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => bytes.Length;

    public override long Position { get => _at; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_cut % 2 == 1) await Task.Yield(); // some reads complete at once and some do not
        int wanted = cuts.Count == 0 ? bytes.Length : cuts[_cut++ % cuts.Count];
        int count = Math.Min(Math.Min(Math.Max(1, wanted), buffer.Length), bytes.Length - _at);
        if (count == 0 && endsWith is not null) throw endsWith;
        bytes.AsMemory(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
