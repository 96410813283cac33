using Nosana.Docker;

namespace Nosana.Node.Logs;

/// <summary>
/// Everything that one operation prints, on disk, bounded. Appending and reading may go on at once from any thread. What was
/// appended survives a kill of this process once it is flushed; what was not is asked of the engine again
/// (<see cref="LastOf"/> says from where).
/// </summary>
internal sealed class OpLog : IDisposable
{
    private readonly Lock _lock = new();
    private readonly LogFiles _files;
    private readonly LogOptions _options;
    private readonly TimeProvider _time;
    private LogSubscription[] _subscriptions = [];
    private bool _disposed;

    internal OpLog(string job, string op, string directory, LogOptions options, TimeProvider time)
    {
        Job = job;
        Op = op;
        _options = options;
        _time = time;
        _files = new LogFiles(directory, options);
    }

    public string Job { get; }

    public string Op { get; }

    public LogOptions Options => _options;

    /// <summary>What was printed in all; the digest is computed at each call.</summary>
    public LogTotals Totals
    {
        get { lock (_lock) return _files.Checkpoint.ToTotals(); }
    }

    /// <summary>Entries ever stored.</summary>
    public long EntryCount
    {
        get { lock (_lock) return _files.Checkpoint.Entries; }
    }

    /// <summary>Ordinal of the oldest entry that the budget has left.</summary>
    public long FirstEntry
    {
        get { lock (_lock) return _files.FirstEntry; }
    }

    /// <summary>Bytes on disk.</summary>
    public long StoredBytes
    {
        get { lock (_lock) return _files.StoredBytes; }
    }

    /// <summary>The newest entry of stdout or stderr; null when that stream has none yet.</summary>
    public LogPosition? LastOf(LogStream stream)
    {
        lock (_lock) return _files.Checkpoint.LastOf(stream);
    }

    /// <summary>Stores one entry.</summary>
    /// <param name="stream">Where it came from.</param>
    /// <param name="timestampNanoseconds">Nanoseconds since 1970-01-01 UTC.</param>
    /// <param name="text">The bytes as printed, with the newline.</param>
    /// <param name="continues">The line goes on in the next entry of this stream.</param>
    /// <remarks>On a disk that takes nothing, full or failing, what is stored of the operation is given up, and entries are counted and not kept.</remarks>
    public void Append(LogStream stream, long timestampNanoseconds, ReadOnlySpan<byte> text, bool continues = false)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            long index = _files.Checkpoint.Entries;
            _files.Append(stream, timestampNanoseconds, text, continues);
            if (_subscriptions.Length == 0) return;
            ReadOnlyMemory<byte> carried = text.Length <= _options.SubscriberEntryBytes ? text.ToArray() : default;
            var entry = new LogEntry(index, stream, timestampNanoseconds, carried, continues);
            foreach (LogSubscription subscription in _subscriptions) subscription.Publish(entry);
        }
    }

    /// <summary>Stores a line that this node says about the operation, stamped now.</summary>
    public void AppendNodeError(string message) =>
        Append(LogStream.NodeError, DockerTimestamp.FromDateTimeOffset(_time.GetUtcNow()).UnixNanoseconds,
            System.Text.Encoding.UTF8.GetBytes(message.TrimEnd('\n') + "\n"));

    /// <summary>Removes what is stored, for something that needs the disk more; what is printed from now on is stored again.</summary>
    public void GiveUp()
    {
        lock (_lock)
        {
            if (!_disposed) _files.GiveUp();
        }
    }

    /// <summary>Hands everything to the operating system.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (!_disposed) _files.Flush();
        }
    }

    /// <summary>The newest entries, oldest first; fewer when they are over <paramref name="maxBytes"/> of text.</summary>
    public IReadOnlyList<LogEntry> Tail(int count, long maxBytes = 16L << 20) => Tail(count, maxBytes, long.MaxValue);

    private LogEntry[] Tail(int count, long maxBytes, long maxSent)
    {
        if (count <= 0) return [];
        maxBytes = Math.Min(maxBytes, maxSent); // no text gets shorter on its way
        IReadOnlyList<LogRange> ranges;
        lock (_lock) ranges = _files.RangesFrom(_files.Checkpoint.Entries - count, RoughBytes(count, maxBytes));
        var kept = new Queue<(LogEntry Entry, long Sent)>();
        long bytes = 0, sent = 0;
        foreach (LogEntry entry in Read(ranges))
        {
            long size = maxSent == long.MaxValue ? 0 : entry.SentBytes;
            kept.Enqueue((entry, size));
            bytes += entry.Bytes.Length;
            sent += size;
            while (kept.Count > count || bytes > maxBytes || sent > maxSent)
            {
                (LogEntry oldest, long oldestSent) = kept.Dequeue();
                bytes -= oldest.Bytes.Length;
                sent -= oldestSent;
            }
        }
        return [.. kept.Select(entry => entry.Entry)];
    }

    /// <summary>Stored entries from an ordinal on, before another, as they were at the moment of the call.</summary>
    public IEnumerable<LogEntry> ReadAll(long fromEntry = 0, long end = long.MaxValue)
    {
        IReadOnlyList<LogRange> ranges;
        lock (_lock)
        {
            ranges = _files.RangesFrom(fromEntry, long.MaxValue);
            end = Math.Min(end, _files.Checkpoint.Entries);
        }
        return Read(ranges).SkipWhile(entry => entry.Index < fromEntry).TakeWhile(entry => entry.Index < end);
    }

    /// <summary>Follows the output: the newest <paramref name="tail"/> entries, then each as it is stored, none missing between.</summary>
    /// <remarks>The tail of a subscription is read under the log's lock, so keep it to what a person looks at.</remarks>
    public LogSubscription Subscribe(int tail = 0)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var subscription = new LogSubscription(this, Tail(tail));
            _subscriptions = [.. _subscriptions, subscription];
            return subscription;
        }
    }

    /// <summary>The output as the result carries it: the newest entries within the limits, and what was left out.</summary>
    /// <param name="maxSent">Bytes of the entries as they are sent, the one that tells of a cut not counted.</param>
    public ResultLogs ResultView(long maxSent = long.MaxValue)
    {
        LogTotals totals;
        LogEntry[] entries;
        lock (_lock)
        {
            totals = Totals;
            entries = Tail(_options.ResultEntries, _options.ResultBytes, maxSent);
        }
        if (entries.Length == totals.Entries) return new ResultLogs(entries, null);
        // One place goes to the entry that tells of the cut.
        if (entries.Length >= _options.ResultEntries) entries = entries[^(_options.ResultEntries - 1)..];
        long lines = totals.Lines, bytes = totals.Bytes;
        foreach (LogEntry entry in entries)
        {
            if (entry.Stream == LogStream.NodeError) continue;
            bytes -= entry.Bytes.Length;
            if (!entry.Continues) lines--;
        }
        var dropped = new DroppedLogs(lines, bytes, totals.Sha256);
        string notice = $"{lines} earlier lines ({bytes} bytes) of this operation are left out: a result carries the newest {_options.ResultEntries} entries "
            + $"and {_options.ResultBytes} bytes of an operation at most, and has {_options.JobResultBytes} bytes in all. "
            + $"SHA-256 of all {totals.Bytes} bytes printed: {totals.Sha256}\n";
        long at = entries.Length == 0 ? DockerTimestamp.FromDateTimeOffset(_time.GetUtcNow()).UnixNanoseconds : entries[0].TimestampNanoseconds;
        var first = new LogEntry(-1, LogStream.NodeError, at, System.Text.Encoding.UTF8.GetBytes(notice), Continues: false);
        return new ResultLogs([first, .. entries], dropped);
    }

    internal void Unsubscribe(LogSubscription subscription)
    {
        lock (_lock) _subscriptions = [.. _subscriptions.Where(other => other != subscription)];
    }

    /// <summary>No more will come for now: everything is flushed and the subscriptions end.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            if (!_disposed) _files.Flush();
            foreach (LogSubscription subscription in _subscriptions) subscription.Complete();
            _subscriptions = [];
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) return;
            try
            {
                Complete();
            }
            finally
            {
                _disposed = true;
                _files.Dispose();
            }
        }
    }

    private static IEnumerable<LogEntry> Read(IReadOnlyList<LogRange> ranges) =>
        ranges.SelectMany(range => LogSegment.Read(range.Path, range.Entry, range.Offset, range.End));

    /// <summary>Bytes on disk that hold so much text and so many entries.</summary>
    private static long RoughBytes(int count, long maxBytes) => maxBytes + ((long)count * LogRecord.HeaderSize);
}
