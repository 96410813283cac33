using System.Buffers.Binary;
using System.Text;

namespace Nosana.Docker;

/// <summary>
/// Takes a container's output apart. The engine sends frames: a byte for the stream (0 input, 1 output, 2 error, 3 the engine's own error),
/// three zero bytes, the payload's length (4 bytes, big-endian), the payload.
/// One reader at a time; memory is one buffer, whatever the stream holds.
/// </summary>
public sealed class MultiplexedStream : IDisposable, IAsyncDisposable
{
    /// <summary>Longest payload that is believed: a longer one means that the bytes are no frames. The engine's own are below 64 KiB.</summary>
    public const int MaxFrameLength = 64 * 1024 * 1024;

    private const int HeaderLength = 8;
    private const int BufferLength = 64 * 1024;
    private const byte SystemError = 3;
    private const int MaxErrorLength = 8 * 1024;

    private readonly Stream _stream;
    private readonly IDisposable? _owner;
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferLength);
    private int _start;
    private int _end;
    private TargetStream _target = TargetStream.StandardOut;
    private int _length;
    private int _remaining;
    private bool _ended;
    private bool _disposed;
    private LogFrame _unread;

    /// <param name="stream">The engine's answer; disposed with this.</param>
    /// <param name="owner">What the stream came with; disposed with this.</param>
    public MultiplexedStream(Stream stream, IDisposable? owner = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        _stream = stream;
        _owner = owner;
    }

    /// <summary>A container's streams; the numbers are those of the wire.</summary>
    public enum TargetStream
    {
        StandardIn = 0,
        StandardOut = 1,
        StandardError = 2,
    }

    /// <summary>What <see cref="ReadOutputAsync"/> read.</summary>
    public readonly record struct ReadResult(int Count, TargetStream Target)
    {
        /// <summary>Nothing more will come.</summary>
        public bool EOF => Count == 0;
    }

    /// <summary>
    /// The next frame, without a copy or an allocation. A frame that fits the buffer (64 KiB) comes whole, a longer one in
    /// pieces. Ends with <see cref="LogFrame.IsEndOfStream"/>.
    /// </summary>
    /// <exception cref="DockerStreamException">
    /// The connection broke, the bytes are no frames, the engine reports an error of its own, or the stream ends inside a frame; in the last
    /// case the bytes that did arrive have been returned before, as a piece that is no end.
    /// </exception>
    public ValueTask<LogFrame> ReadFrameAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return TryTake(out LogFrame frame) ? new ValueTask<LogFrame>(frame) : ReadFrameSlowAsync(cancellationToken);
    }

    /// <summary>Reads output of one stream into <paramref name="buffer"/>; skips empty frames.</summary>
    public async Task<ReadResult> ReadOutputAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken = default)
    {
        Memory<byte> destination = buffer.AsMemory(offset, count);
        if (count == 0) throw new ArgumentOutOfRangeException(nameof(count), count, "Reading needs room for a byte: 0 would look like the end.");
        while (_unread.Data.IsEmpty)
        {
            _unread = await ReadFrameAsync(cancellationToken);
            if (_unread.IsEndOfStream) return new ReadResult(0, _unread.Target);
        }

        int taken = Math.Min(count, _unread.Data.Length);
        _unread.Data[..taken].CopyTo(destination);
        _unread = _unread with { Data = _unread.Data[taken..] };
        return new ReadResult(taken, _unread.Target);
    }

    /// <summary>Closes the connection at once, also under a read that waits.</summary>
    public void Dispose()
    {
        _disposed = true;
        _stream.Dispose();
        _owner?.Dispose();
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<LogFrame> ReadFrameSlowAsync(CancellationToken cancellationToken)
    {
        LogFrame frame;
        do
        {
            await FillAsync(cancellationToken);
        }
        while (!TryTake(out frame));
        return frame;
    }

    /// <summary>Takes a frame out of the buffer, or says that more bytes are needed (never once the stream has ended).</summary>
    private bool TryTake(out LogFrame frame)
    {
        int available = _end - _start;
        if (_remaining > 0) return TryTakeMore(available, out frame);

        frame = EndOfStream;
        if (available < HeaderLength)
        {
            if (!_ended) return false;
            if (available == 0) return true;
            throw new DockerStreamException(
                $"The container's output ended inside a frame header ({available} of {HeaderLength} bytes); what came before is whole.");
        }

        ReadOnlySpan<byte> header = _buffer.AsSpan(_start, HeaderLength);
        uint length = BinaryPrimitives.ReadUInt32BigEndian(header[4..]);
        if (header[0] > SystemError || header[1] != 0 || header[2] != 0 || header[3] != 0 || length > MaxFrameLength)
            throw new DockerStreamException(
                $"The container's output is not framed (header {Convert.ToHexString(header)}): the container has a terminal.");

        bool whole = available - HeaderLength >= length;
        if (!whole && !_ended && available < _buffer.Length) return false;

        int present = whole ? (int)length : available - HeaderLength;
        if (header[0] == SystemError)
        {
            string words = Encoding.UTF8.GetString(_buffer, _start + HeaderLength, Math.Min(present, MaxErrorLength));
            throw new DockerStreamException($"The engine could not read the container's output: {words}");
        }

        _target = (TargetStream)header[0];
        _length = (int)length;
        _remaining = _length - present;
        _start += HeaderLength;
        frame = Take(present, isStart: true, isEnd: whole);
        return true;
    }

    private bool TryTakeMore(int available, out LogFrame frame)
    {
        frame = default;
        if (available == 0)
        {
            if (!_ended) return false;
            throw new DockerStreamException($"The container's output ended inside a frame ({_length - _remaining} of {_length} bytes).");
        }

        int taken = Math.Min(available, _remaining);
        _remaining -= taken;
        frame = Take(taken, isStart: false, isEnd: _remaining == 0);
        return true;
    }

    private LogFrame EndOfStream => new(_target, default, false, false) { IsEndOfStream = true };

    private LogFrame Take(int count, bool isStart, bool isEnd)
    {
        var frame = new LogFrame(_target, _buffer.AsMemory(_start, count), isStart, isEnd);
        _start += count;
        return frame;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_buffer.Length - _end < BufferLength / 4 && _start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        int read;
        try
        {
            read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        }
        catch (IOException e)
        {
            throw new DockerStreamException($"The connection to the engine broke while reading a container's output: {e.Message}", e);
        }
        _ended = read == 0;
        _end += read;
    }
}

/// <summary>A frame of a <see cref="MultiplexedStream"/>, or a piece of one longer than the reader's buffer.</summary>
/// <param name="Target">Which stream of the container.</param>
/// <param name="Data">Payload. Valid until the next read.</param>
/// <param name="IsStart">Whether it begins a frame.</param>
/// <param name="IsEnd">Whether it ends a frame.</param>
public readonly record struct LogFrame(MultiplexedStream.TargetStream Target, ReadOnlyMemory<byte> Data, bool IsStart, bool IsEnd)
{
    /// <summary>The stream has ended where it may: after a whole frame.</summary>
    public bool IsEndOfStream { get; init; }
}
