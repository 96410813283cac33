using Nosana.Docker;

namespace Nosana.Node.Logs;

/// <summary>Takes an entry: its stream, its time in nanoseconds, its bytes, whether the line goes on in the next one.</summary>
internal delegate void LogEntrySink(LogStream stream, long timestampNanoseconds, ReadOnlySpan<byte> text, bool continues);

/// <summary>
/// Makes lines of an engine's timestamped frames. The engine cuts a long line into frames of 16 KiB, each with the line's time in
/// front; here they are one line again, up to a limit, beyond which a line goes out in pieces. What it emits depends on the
/// frames alone and not on how they were read, so that reading them once more gives the same entries.
/// </summary>
internal sealed class LogLineAssembler(int maxLineBytes, TimeProvider clock, LogEntrySink emit)
{
    /// <summary>
    /// A frame without newline of at least this size is a piece of a longer line (engines cut at 8 or 16 KiB); a shorter one is the end of an
    /// output.
    /// </summary>
    private const int CutFrameBytes = 4096;

    private readonly PendingLine _stdout = new(LogStream.Stdout);
    private readonly PendingLine _stderr = new(LogStream.Stderr);

    /// <summary>Takes one whole frame, timestamp in front.</summary>
    public void Frame(LogStream stream, ReadOnlySpan<byte> frame)
    {
        PendingLine line = stream == LogStream.Stdout ? _stdout : _stderr;
        long timestamp;
        if (DockerTimestamp.TryParse(frame, out DockerTimestamp time, out int length) && length < frame.Length && frame[length] == (byte)' ')
        {
            timestamp = time.UnixNanoseconds;
            frame = frame[(length + 1)..];
        }
        else timestamp = line.Open ? line.Timestamp : DockerTimestamp.FromDateTimeOffset(clock.GetUtcNow()).UnixNanoseconds;
        if (line.Open && !line.Cut && line.Timestamp != timestamp) Emit(line, continues: false);
        if (!line.Open) line.Begin(timestamp);
        line.Cut = frame.Length >= CutFrameBytes;
        while (!frame.IsEmpty)
        {
            int newline = frame.IndexOf((byte)'\n');
            ReadOnlySpan<byte> piece = newline < 0 ? frame : frame[..(newline + 1)];
            frame = frame[piece.Length..];
            Add(line, piece);
            if (newline < 0) return;
            line.Begin(timestamp);
            if (frame.IsEmpty) line.Close();
        }
    }

    /// <summary>The output is at its end: an unfinished line is all there will be of it.</summary>
    public void Finish()
    {
        foreach (PendingLine line in (ReadOnlySpan<PendingLine>)[_stdout, _stderr])
        {
            if (line.Open && line.Count > 0) Emit(line, continues: false);
            line.Close();
        }
    }

    /// <summary>Forgets unfinished lines, which will be read once more from their start.</summary>
    public void Reset()
    {
        _stdout.Close();
        _stderr.Close();
    }

    private void Add(PendingLine line, ReadOnlySpan<byte> piece)
    {
        while (line.Count + piece.Length > maxLineBytes)
        {
            int taken = CharacterBoundary(line, piece, maxLineBytes - line.Count);
            line.Append(piece[..taken]);
            piece = piece[taken..];
            Emit(line, continues: true);
        }
        bool ends = piece.EndsWith("\n"u8);
        if (ends && line.Count == 0)
        {
            emit(line.Stream, line.Timestamp, piece, continues: false);
            return;
        }
        line.Append(piece);
        if (ends) Emit(line, continues: false);
    }

    /// <summary>Where to cut so that no UTF-8 character is torn; the limit itself for what is not UTF-8.</summary>
    private static int CharacterBoundary(PendingLine line, ReadOnlySpan<byte> piece, int limit)
    {
        for (int back = 0; back < 4 && limit - back >= 0 && line.Count + limit - back > 0; back++)
        {
            if (limit - back >= piece.Length || (piece[limit - back] & 0xC0) != 0x80) return limit - back;
        }
        return limit;
    }

    private void Emit(PendingLine line, bool continues)
    {
        emit(line.Stream, line.Timestamp, line.Bytes, continues);
        line.Clear(keepOpen: continues);
    }

    private sealed class PendingLine(LogStream stream)
    {
        private byte[] _bytes = [];

        public LogStream Stream { get; } = stream;

        public bool Open { get; private set; }

        /// <summary>The newest frame was a piece of a longer line.</summary>
        public bool Cut { get; set; }

        public long Timestamp { get; private set; }

        public int Count { get; private set; }

        public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Count);

        public void Begin(long timestamp)
        {
            Open = true;
            Timestamp = timestamp;
        }

        public void Append(ReadOnlySpan<byte> piece)
        {
            if (Count + piece.Length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, Count + piece.Length));
            piece.CopyTo(_bytes.AsSpan(Count));
            Count += piece.Length;
        }

        public void Clear(bool keepOpen)
        {
            Count = 0;
            Open = keepOpen;
        }

        public void Close()
        {
            Clear(keepOpen: false);
            Cut = false;
        }
    }
}
