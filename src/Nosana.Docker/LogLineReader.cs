namespace Nosana.Docker;

/// <summary>
/// Lines of a container's output. Frames of both streams may be interleaved, a line may span frames (the engine cuts lines over 16 KiB and
/// puts a timestamp before every piece), and a line without end is cut at a limit, so that no output can grow memory.
/// With a terminal the engine's cuts leave no trace, so there the timestamps inside a line over 16 KiB stay in its data.
/// </summary>
public sealed class LogLineReader : IDisposable, IAsyncDisposable
{
    /// <summary>Bytes at which a line is cut when no limit is given.</summary>
    public const int StandardMaxLineLength = 256 * 1024;

    /// <summary>Smallest limit: a timestamp and a few bytes.</summary>
    public const int SmallestMaxLineLength = 64;

    private readonly MultiplexedStream _stream;
    private readonly bool _timestamps;
    private readonly PendingLine[] _pending;
    private LogFrame _frame;
    private ReadOnlyMemory<byte> _rest;
    private DockerTimestamp? _timestamp;
    private PendingLine? _handedOut;
    private int _flushed;
    private DockerStreamException? _failure;

    /// <param name="stream">Output as opened; disposed with this.</param>
    /// <param name="timestamps">Whether it was opened with <see cref="Models.ContainerLogsParameters.Timestamps"/>.</param>
    /// <param name="maxLineLength">Bytes at which a line is cut, at a character's border where it can be; at least <see cref="SmallestMaxLineLength"/>.</param>
    public LogLineReader(MultiplexedStream stream, bool timestamps, int maxLineLength = StandardMaxLineLength)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxLineLength, SmallestMaxLineLength);
        _stream = stream;
        _timestamps = timestamps;
        _pending = [new(maxLineLength), new(maxLineLength), new(maxLineLength)];
    }

    /// <summary>The line that the last successful <see cref="ReadAsync"/> found. Its data is valid until the next read.</summary>
    public LogLine Current { get; private set; }

    /// <summary>Reads the next line into <see cref="Current"/>; false at the end of the output.</summary>
    /// <exception cref="DockerStreamException">As for <see cref="MultiplexedStream.ReadFrameAsync"/>, after what had arrived was returned.</exception>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default)
    {
        _handedOut?.Release();
        _handedOut = null;
        return TryTakeLine() ? new ValueTask<bool>(true) : ReadSlowAsync(cancellationToken);
    }

    public void Dispose() => _stream.Dispose();

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private async ValueTask<bool> ReadSlowAsync(CancellationToken cancellationToken)
    {
        do
        {
            if (_frame.IsEndOfStream || _failure is not null) return TryFlush();
            try
            {
                Accept(await _stream.ReadFrameAsync(cancellationToken));
            }
            catch (DockerStreamException e)
            {
                _failure = e; // thrown after the unfinished lines have been handed out
            }
        }
        while (!TryTakeLine());
        return true;
    }

    private void Accept(LogFrame frame)
    {
        _frame = frame;
        _rest = frame.Data;
        if (!_timestamps || !_stream.IsMultiplexed || !frame.IsStart) return;
        _timestamp = TakeTimestamp(ref _rest);
    }

    private bool TryTakeLine()
    {
        PendingLine pending = _pending[(int)_frame.Target];
        if (_rest.IsEmpty) return false;

        int lineFeed = _rest.Span.IndexOf((byte)'\n');
        ReadOnlyMemory<byte> piece = lineFeed < 0 ? _rest : _rest[..lineFeed];
        if (piece.Length > pending.Room)
        {
            int taken = pending.Room;
            bool splitsCharacter = (piece.Span[taken] & 0xC0) == 0x80;
            pending.Append(piece.Span[..taken], _timestamp);
            _rest = _rest[taken..];
            HandOut(pending, splitsCharacter ? pending.LengthBeforeLastCharacter() : pending.Length, isTerminated: false);
            return true;
        }

        _rest = lineFeed < 0 ? default : _rest[(lineFeed + 1)..];
        if (lineFeed >= 0 && pending.Length == 0)
        {
            SetCurrent(piece, _timestamp, isTerminated: true, pending.IsContinuation);
            pending.IsContinuation = false;
            return true;
        }

        pending.Append(piece.Span, _timestamp);
        if (lineFeed < 0) return false;
        HandOut(pending, pending.Length, isTerminated: true);
        return true;
    }

    private bool TryFlush()
    {
        for (; _flushed < _pending.Length; _flushed++)
        {
            PendingLine pending = _pending[_flushed];
            if (pending.Length == 0) continue;
            _frame = _frame with { Target = (MultiplexedStream.TargetStream)_flushed };
            HandOut(pending, pending.Length, isTerminated: false);
            return true;
        }
        return _failure is null ? false : throw _failure;
    }

    private void HandOut(PendingLine pending, int length, bool isTerminated)
    {
        SetCurrent(pending.Data[..length], pending.Timestamp, isTerminated, pending.IsContinuation);
        pending.HandOut(length, isTerminated);
        _handedOut = pending;
    }

    private void SetCurrent(ReadOnlyMemory<byte> data, DockerTimestamp? timestamp, bool isTerminated, bool isContinuation)
    {
        if (_timestamps && !_stream.IsMultiplexed && !isContinuation) timestamp = TakeTimestamp(ref data);
        Current = new LogLine(_frame.Target, timestamp, data, isTerminated, isContinuation);
    }

    private static DockerTimestamp? TakeTimestamp(ref ReadOnlyMemory<byte> data)
    {
        if (!DockerTimestamp.TryParse(data.Span, out DockerTimestamp timestamp, out int length)) return null;
        if (length < data.Length && data.Span[length] != ' ') return null;
        data = data[Math.Min(length + 1, data.Length)..];
        return timestamp;
    }

    /// <summary>The part of a target's line that has arrived, and what of it the caller is looking at.</summary>
    private sealed class PendingLine(int limit)
    {
        private byte[] _bytes = [];
        private int _handedOut;

        public int Length { get; private set; }

        public int Room => limit - Length;

        public bool IsContinuation { get; set; }

        public DockerTimestamp? Timestamp { get; private set; }

        public ReadOnlyMemory<byte> Data => _bytes.AsMemory(0, Length);

        public void Append(ReadOnlySpan<byte> bytes, DockerTimestamp? timestamp)
        {
            if (Length == 0) Timestamp = timestamp;
            if (_bytes.Length < Length + bytes.Length) Array.Resize(ref _bytes, Math.Min(limit, Math.Max(Length + bytes.Length, _bytes.Length * 2)));
            bytes.CopyTo(_bytes.AsSpan(Length));
            Length += bytes.Length;
        }

        public void HandOut(int length, bool isTerminated)
        {
            _handedOut = length;
            IsContinuation = !isTerminated;
        }

        /// <summary>Gives up the bytes that were handed out; a character that did not fit begins what follows.</summary>
        public void Release()
        {
            _bytes.AsSpan(_handedOut, Length - _handedOut).CopyTo(_bytes);
            Length -= _handedOut;
            _handedOut = 0;
        }

        public int LengthBeforeLastCharacter()
        {
            for (int back = 1; back < 4 && back < Length; back++)
            {
                byte value = _bytes[Length - back];
                if (value >= 0xC0) return Length - back;
                if (value < 0x80) break;
            }
            return Length; // not UTF-8: any cut is as good
        }
    }
}
