namespace Nosana.Node.Engine.Resources;

/// <summary>Files of this machine one after the other, as one content of known length.</summary>
internal sealed class PartsStream(IReadOnlyList<string> parts, long length) : Stream
{
    private int _next;
    private long _position;
    private FileStream? _current;

    // Writers of archives ask for the length of what they are given before they read it, and only of streams that say they can seek.
    public override bool CanSeek => true;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        while (Current() is { } current)
        {
            if (current.Read(buffer) is var read and > 0) return Moved(read);
            Advance();
        }
        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (Current() is { } current)
        {
            if (await current.ReadAsync(buffer, cancellationToken) is var read and > 0) return Moved(read);
            Advance();
        }
        return 0;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
        // nothing is written
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _current?.Dispose();
        base.Dispose(disposing);
    }

    private FileStream? Current() =>
        _current ??= _next < parts.Count
            ? new FileStream(parts[_next++], FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 17, FileOptions.Asynchronous | FileOptions.SequentialScan)
            : null;

    private int Moved(int read)
    {
        _position += read;
        return read;
    }

    private void Advance()
    {
        _current!.Dispose();
        _current = null;
    }
}
