using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Nosana.Node.Logs;

/// <summary>
/// A live reader of an operation's output. It never slows the operation: what waits for it in memory is bounded, and what does not fit is
/// read from the store once the reader gets there. It loses only what the store's budget has dropped by then, and knows how much.
/// </summary>
internal sealed class LogSubscription : IDisposable
{
    private readonly OpLog _log;
    private readonly Channel<LogEntry> _channel;
    private long _next;
    private long _dropped;

    /// <param name="log">What is read; its lock is held.</param>
    /// <param name="backlog">The newest entries.</param>
    internal LogSubscription(OpLog log, IReadOnlyList<LogEntry> backlog)
    {
        _log = log;
        Start = _next = log.EntryCount;
        Backlog = backlog;
        _channel = Channel.CreateBounded<LogEntry>(new BoundedChannelOptions(log.Options.SubscriberCapacity)
        {
            FullMode = BoundedChannelFullMode.Wait, // TryWrite then refuses, and the entry is in the store alone
            SingleWriter = true,
        });
    }

    /// <summary>The newest entries at the moment of subscribing; <see cref="ReadAllAsync"/> goes on exactly after them.</summary>
    public IReadOnlyList<LogEntry> Backlog { get; }

    /// <summary>Ordinal of the first entry after the <see cref="Backlog"/>.</summary>
    public long Start { get; }

    /// <summary>Entries that the store had dropped before this reader got to them.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Entries as they are stored, until the operation's output ends. For one reader.</summary>
    public async IAsyncEnumerable<LogEntry> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        do
        {
            bool idle;
            do
            {
                cancellationToken.ThrowIfCancellationRequested();
                // Counted before the channel is asked: what is counted now and not in the channel then did not fit.
                long stored = _log.EntryCount;
                idle = stored <= _next;
                while (_channel.Reader.TryRead(out LogEntry entry))
                {
                    idle = false;
                    foreach (LogEntry missed in Missed(entry.Bytes.IsEmpty ? entry.Index + 1 : entry.Index)) yield return missed;
                    if (entry.Index < _next) continue;
                    _next++;
                    yield return entry;
                }
                foreach (LogEntry missed in Missed(stored)) yield return missed;
            }
            while (!idle);
        }
        while (await _channel.Reader.WaitToReadAsync(cancellationToken));
    }

    public void Dispose()
    {
        _log.Unsubscribe(this);
        Complete();
    }

    /// <param name="entry">Without its bytes when they are too many to wait in memory.</param>
    internal void Publish(in LogEntry entry) => _channel.Writer.TryWrite(entry);

    internal void Complete() => _channel.Writer.TryComplete();

    /// <summary>What the store has up to an ordinal.</summary>
    private IEnumerable<LogEntry> Missed(long end)
    {
        if (end <= _next) yield break;
        foreach (LogEntry entry in _log.ReadAll(_next, end))
        {
            Skip(entry.Index);
            _next++;
            yield return entry;
        }
        Skip(end);
    }

    private void Skip(long to)
    {
        Interlocked.Add(ref _dropped, to - _next);
        _next = to;
    }
}
