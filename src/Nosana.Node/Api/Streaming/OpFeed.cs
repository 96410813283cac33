using Nosana.JobDefinition.Model;
using Nosana.Node.Logs;

namespace Nosana.Node.Api.Streaming;

/// <summary>
/// The newest output of an operation for all who watch it: read once from the log and kept in a ring, from which each takes what he has not had. Whoever is
/// slower than the ring reads on from the log's files, and is told what they do not have any more. Nobody's slowness is anybody else's, least of all the
/// operation's.
/// </summary>
internal sealed class OpFeed(string job, Operation op, int operations, LogStore logs)
{
    /// <summary>Entries in the rings of a job, whose operations have equal shares in them, and what each has at least.</summary>
    private const int JobEntries = 16 << 10, LeastEntries = 256;

    /// <summary>Entries in one ring at most.</summary>
    private const int MostEntries = 8 << 10;

    /// <summary>Bytes of the text in the rings of a job, and what each has at least. Written for the wire it is three times as much.</summary>
    private const long JobBytes = 8L << 20, LeastBytes = 64L << 10;

    private readonly Lock _lock = new();
    private readonly FeedLine?[] _ring = new FeedLine?[Math.Clamp(JobEntries / operations, LeastEntries, MostEntries)];
    private readonly long _mostBytes = Math.Max(LeastBytes, JobBytes / operations);
    private long _first;
    private long _next;
    private long _bytes;
    private OpLog? _log;

    public string Id => op.Id;

    public string Group => op.GroupName;

    public int Index => op.Index;

    public OpEvents Events { get; } = new(op.Id);

    /// <summary>Reads the operation's output until the token ends; an operation that runs again is read again.</summary>
    /// <param name="changed">Told after each change.</param>
    public async Task PumpAsync(Action changed, TimeProvider time, CancellationToken cancel)
    {
        for (; ; await Task.Delay(JobFeed.LookInterval, time, cancel))
        {
            if (logs.Find(job, op.Id) is not { } log || !HasMore(log)) continue;
            try
            {
                using LogSubscription subscription = log.Subscribe();
                Begin(log, subscription.Start);
                changed();
                await foreach (LogEntry entry in subscription.ReadAllAsync(cancel))
                {
                    Add(entry);
                    changed();
                }
            }
            catch (ObjectDisposedException)
            {
                // the job has ended between the look and the subscription
            }
            changed();
        }
    }

    /// <summary>Where a reader begins who wants the newest entries.</summary>
    public long Start(int tail)
    {
        OpLog? log = _log ?? logs.Find(job, op.Id);
        return log is null ? 0 : Math.Max(log.FirstEntry, log.EntryCount - tail);
    }

    /// <summary>Takes what comes at a reader's place.</summary>
    /// <param name="from">His place; moved on.</param>
    /// <param name="into">Gets the lines.</param>
    /// <param name="most">Lines.</param>
    /// <param name="isOver">Nothing is printed any more: what has not come to the ring yet is read from the files.</param>
    /// <returns>How many entries are lost before the first of them.</returns>
    public long Take(ref long from, List<FeedLine> into, int most, bool isOver)
    {
        long end;
        lock (_lock)
        {
            if (isOver && from >= _next && _log is not null) end = Math.Min(_log.EntryCount, from + most);
            else if (from < _first) end = Math.Min(_first, from + most);
            else
            {
                long until = Math.Min(_next, from + most);
                for (; from < until; from++) into.Add(_ring[from % _ring.Length]!);
                return 0;
            }
        }
        return TakeStored(ref from, into, end);
    }

    /// <summary>From the log's files: what the ring has no more, or has not had.</summary>
    private long TakeStored(ref long from, List<FeedLine> into, long end)
    {
        if (from >= end) return 0;
        long lost = 0;
        try
        {
            foreach (LogEntry entry in _log?.ReadAll(from, end) ?? [])
            {
                if (into.Count == 0) lost = entry.Index - from;
                into.Add(new FeedLine(entry));
                from = entry.Index + 1;
            }
        }
        catch (ObjectDisposedException)
        {
            // the job's log was closed: what is left of it is in the result
        }
        if (from < end && into.Count == 0)
        {
            lost = end - from;
            from = end;
        }
        return lost;
    }

    /// <summary>Whether there is output that was not read: the first of an operation, or that of another run of it.</summary>
    private bool HasMore(OpLog log)
    {
        lock (_lock) return log != _log || log.EntryCount > _next;
    }

    /// <summary>What comes before is in the log's files.</summary>
    private void Begin(OpLog log, long start)
    {
        lock (_lock)
        {
            if (start != _next) Empty(start);
            _log = log;
        }
    }

    private void Add(LogEntry entry)
    {
        lock (_lock)
        {
            if (entry.Index != _next) Empty(entry.Index); // the files had dropped some before they were read
            if (_next - _first == _ring.Length) DropFirst();
            _ring[_next++ % _ring.Length] = new FeedLine(entry);
            _bytes += entry.Bytes.Length;
            while (_bytes > _mostBytes && _next - _first > 1) DropFirst();
        }
    }

    private void Empty(long next)
    {
        while (_first < _next) DropFirst();
        (_first, _next) = (next, next);
    }

    private void DropFirst()
    {
        long at = _first++ % _ring.Length;
        _bytes -= _ring[at]!.Entry.Bytes.Length;
        _ring[at] = null;
    }
}

/// <summary>A line of output, written for the wire once for all who get it.</summary>
internal sealed class FeedLine(LogEntry entry)
{
    // Arrays: several may write the same at once, and a reader must see the whole of one or nothing.
    private byte[]? _flog, _log;

    public LogEntry Entry { get; } = entry;

    /// <summary>As <c>/flog</c> sends it.</summary>
    public ReadOnlyMemory<byte> Flog(OpFeed feed) => _flog ??= LogFrames.TaskLog(feed.Id, feed.Group, Entry);

    /// <summary>As <c>/log</c> sends it.</summary>
    public ReadOnlyMemory<byte> Log(string job) => _log ??= LogFrames.NodeLog(job, Entry);
}
