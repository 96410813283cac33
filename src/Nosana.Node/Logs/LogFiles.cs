using System.Buffers;
using Microsoft.Win32.SafeHandles;
using Nosana.Node.Files;

namespace Nosana.Node.Logs;

/// <summary>The segment files of one operation: appended to, rolled over, dropped under the budget, recovered. Not thread-safe.</summary>
internal sealed class LogFiles : IDisposable
{
    private const int BufferSize = 64 << 10;

    private readonly string _directory;
    private readonly long _budget;
    private readonly long _segmentBytes;
    private readonly List<LogSegment> _segments = [];
    private readonly byte[] _buffer = new byte[BufferSize];
    private SafeFileHandle? _file;
    private long _written;
    private int _buffered;

    public LogFiles(string directory, LogOptions options)
    {
        _directory = directory;
        _budget = options.BudgetBytes;
        // A budget of few segments would be kept only coarsely.
        _segmentBytes = Math.Min(options.SegmentBytes, Math.Max(options.BudgetBytes / 4, 4096));
        PrivateFiles.CreateDirectory(directory);
        Checkpoint = Recover();
    }

    public LogCheckpoint Checkpoint { get; }

    /// <summary>Ordinal of the oldest entry that is still stored.</summary>
    public long FirstEntry => _segments.Count == 0 ? Checkpoint.Entries : _segments[0].FirstEntry;

    public long StoredBytes => _segments.Sum(segment => segment.Length);

    public void Append(LogStream stream, long timestampNanoseconds, ReadOnlySpan<byte> text, bool continues)
    {
        var record = new LogRecord(stream, continues, timestampNanoseconds, text.Length);
        try
        {
            Store(record, text);
        }
        catch (IOException)
        {
            // The disk is full, say. What is stored of this operation goes first; if that is not enough, the entry is counted and not kept.
            GiveUp();
            try
            {
                Store(record, text);
            }
            catch (IOException)
            {
                GiveUp();
            }
        }
        Checkpoint.Count(record, text);
    }

    private void Store(LogRecord record, ReadOnlySpan<byte> text)
    {
        if (_file is null || _segments[^1].Length + record.Size > _segmentBytes) BeginSegment();
        if (record.Size > BufferSize - _buffered) WriteBuffered();
        if (record.Size > BufferSize)
        {
            // Of a pool: a stranger's long line is hundreds of these, which the garbage collector leaves lying for long, as large as they are.
            byte[] large = ArrayPool<byte>.Shared.Rent(record.Size);
            try
            {
                record.Write(large, text);
                WriteOut(large.AsSpan(0, record.Size));
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(large);
            }
        }
        else
        {
            record.Write(_buffer.AsSpan(_buffered), text);
            _buffered += record.Size;
        }
        _segments[^1].Count(record.Size);
    }

    /// <summary>
    /// Hands everything to the operating system, where it survives a kill of this process. On a disk that takes nothing all of it is given up.
    /// </summary>
    public void Flush()
    {
        try
        {
            WriteBuffered();
        }
        catch (IOException)
        {
            GiveUp();
        }
    }

    private void WriteBuffered()
    {
        if (_buffered == 0) return;
        int count = _buffered;
        _buffered = 0;
        WriteOut(_buffer.AsSpan(0, count));
    }

    /// <summary>Flushes, and lists what to read: from the mark at or before the entry, to the end.</summary>
    /// <param name="fromEntry">The first entry that is wanted.</param>
    /// <param name="maxBytes">No more than about this many bytes from the end are wanted.</param>
    public IReadOnlyList<LogRange> RangesFrom(long fromEntry, long maxBytes)
    {
        Flush();
        var ranges = new Stack<LogRange>();
        long after = 0;
        for (int i = _segments.Count - 1; i >= 0; i--)
        {
            LogSegment segment = _segments[i];
            bool Reaches((long Entry, long Offset) mark) =>
                mark.Entry <= fromEntry || after + segment.Length - mark.Offset >= maxBytes;
            (long Entry, long Offset) from = segment.Marks().First();
            bool enough = Reaches(from);
            if (enough) from = segment.Marks().Last(Reaches);
            ranges.Push(new LogRange(segment.Path, from.Entry, from.Offset, segment.Length));
            after += segment.Length - from.Offset;
            if (enough) break;
        }
        return [.. ranges];
    }

    /// <summary>Removes everything that is stored; totals and ordinals go on.</summary>
    public void GiveUp()
    {
        _buffered = 0;
        _file?.Dispose();
        _file = null;
        foreach (LogSegment segment in _segments) File.Delete(segment.Path);
        _segments.Clear();
    }

    public void Dispose()
    {
        try
        {
            Flush();
        }
        finally
        {
            _file?.Dispose();
            _file = null;
        }
    }

    private void WriteOut(ReadOnlySpan<byte> data)
    {
        try
        {
            RandomAccess.Write(_file!, data, _written);
        }
        catch (IOException)
        {
            // The disk is full, say. What is on disk stays readable, what was not written is gone, and the next entry begins a new segment.
            LogSegment segment = _segments[^1];
            segment.CountClosed(segment.Entries, _written);
            _file!.Dispose();
            _file = null;
            throw;
        }
        _written += data.Length;
    }

    private void BeginSegment()
    {
        WriteBuffered();
        _file?.Dispose();
        _file = null;
        string path = LogSegment.PathFor(_directory, Checkpoint.Entries);
        Span<byte> header = stackalloc byte[LogCheckpoint.Size];
        Checkpoint.Save(header);
        SafeFileHandle file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            RandomAccess.Write(file, header, 0);
        }
        catch
        {
            // It is none: what is stored before it is read as ever, and the next entry tries again.
            file.Dispose();
            File.Delete(path);
            throw;
        }
        _file = file;
        _written = header.Length;
        _segments.Add(new LogSegment(path, Checkpoint.Entries));
        while (_segments.Count > 1 && StoredBytes + _segmentBytes > _budget)
        {
            File.Delete(_segments[0].Path);
            _segments.RemoveAt(0);
        }
    }

    /// <summary>Takes up what an earlier process left; a torn end, of a kill in the middle of a write, is cut off.</summary>
    private LogCheckpoint Recover()
    {
        LogCheckpoint? checkpoint = null;
        var headers = new Stack<(string Path, LogCheckpoint Start)>();
        Span<byte> header = stackalloc byte[LogCheckpoint.Size];
        foreach (string path in Directory.EnumerateFiles(_directory, "*" + LogSegment.Extension).Order(StringComparer.Ordinal))
        {
            using SafeFileHandle file = File.OpenHandle(path);
            int read = RandomAccess.Read(file, header, 0);
            if (LogCheckpoint.TryRestore(header[..read]) is { } start) headers.Push((path, start));
            else File.Delete(path); // begun and never filled: the segment before it holds everything up to here
        }
        long next = 0;
        foreach ((string path, LogCheckpoint start) in headers)
        {
            var segment = new LogSegment(path, start.Entries);
            if (checkpoint is null)
            {
                checkpoint = start;
                Replay(segment, start);
            }
            else
            {
                segment.CountClosed(next - start.Entries, new FileInfo(path).Length);
            }
            next = segment.FirstEntry;
            _segments.Insert(0, segment);
        }
        return checkpoint ?? new LogCheckpoint();
    }

    private void Replay(LogSegment segment, LogCheckpoint checkpoint)
    {
        foreach (LogEntry entry in LogSegment.Read(segment.Path, segment.FirstEntry, LogCheckpoint.Size, long.MaxValue))
        {
            var record = new LogRecord(entry.Stream, entry.Continues, entry.TimestampNanoseconds, entry.Bytes.Length);
            checkpoint.Count(record, entry.Bytes.Span);
            segment.Count(record.Size);
        }
        _file = File.OpenHandle(segment.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.SetLength(_file, segment.Length);
        _written = segment.Length;
    }
}
