using System.Threading.Channels;

namespace Nosana.Node.Logs;

/// <summary>A live reader of an operation's output. A slow one loses entries, and knows how many; it never slows the operation.</summary>
internal sealed class LogSubscription : IDisposable
{
    private readonly Channel<LogEntry> _channel;
    private readonly Action<LogSubscription> _remove;
    private long _dropped;

    internal LogSubscription(IReadOnlyList<LogEntry> backlog, int capacity, Action<LogSubscription> remove)
    {
        Backlog = backlog;
        _remove = remove;
        _channel = Channel.CreateBounded<LogEntry>(new BoundedChannelOptions(capacity)
        {
            FullMode = BoundedChannelFullMode.Wait, // TryWrite then refuses, and the refusal is counted
            SingleWriter = true,
        });
    }

    /// <summary>The newest entries at the moment of subscribing; <see cref="Reader"/> goes on exactly after them.</summary>
    public IReadOnlyList<LogEntry> Backlog { get; }

    /// <summary>Entries as they are stored; completed when the operation's output is.</summary>
    public ChannelReader<LogEntry> Reader => _channel.Reader;

    /// <summary>Entries that this reader was too slow for.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Dispose()
    {
        _remove(this);
        _channel.Writer.TryComplete();
    }

    internal void Publish(in LogEntry entry)
    {
        if (!_channel.Writer.TryWrite(entry)) Interlocked.Increment(ref _dropped);
    }

    internal void Complete() => _channel.Writer.TryComplete();
}
