using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading.Channels;

namespace Nosana.Solana.Rpc.Streaming;

/// <summary>A subscription as its reader sees it.</summary>
internal sealed class Subscription<T> : Subscription, ISubscription<T>
    where T : class
{
    private readonly Channel<StreamEvent<T>> _events;
    private readonly Func<JsonElement, StreamEvent<T>> _read;
    private readonly Action<Subscription> _remove;
    private int _overflowed;

    public Subscription(
        string method,
        string unsubscribeMethod,
        Action<Utf8JsonWriter> writeParams,
        Func<JsonElement, StreamEvent<T>> read,
        int capacity,
        Action<Subscription> remove)
        : base(method, unsubscribeMethod, writeParams)
    {
        _read = read;
        _remove = remove;
        var options = new BoundedChannelOptions(capacity) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true };
        _events = Channel.CreateBounded<StreamEvent<T>>(options, _ => Volatile.Write(ref _overflowed, 1));
    }

    public override void Deliver(JsonElement result) => _events.Writer.TryWrite(_read(result));

    public override void Complete(Exception? exception = null) => _events.Writer.TryComplete(exception);

    public async IAsyncEnumerable<StreamEvent<T>> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        // What was dropped was dropped to make room, so the channel is not empty and the reader comes by here.
        await foreach (StreamEvent<T> next in _events.Reader.ReadAllAsync(cancellationToken))
        {
            if (Interlocked.Exchange(ref _overflowed, 0) == 1) yield return new StreamEvent<T>(StreamEventKind.Overflow, null, 0);
            yield return next;
        }
    }

    public ValueTask DisposeAsync()
    {
        _remove(this);
        Complete();
        return ValueTask.CompletedTask;
    }

    protected override void Signal(StreamEventKind kind) => _events.Writer.TryWrite(new StreamEvent<T>(kind, null, 0));
}
