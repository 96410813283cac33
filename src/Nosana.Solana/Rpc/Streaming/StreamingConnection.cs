using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json;
using System.Threading.Channels;
using Nosana.Solana.Rpc.Json;

namespace Nosana.Solana.Rpc.Streaming;

/// <summary>One WebSocket from its opening to its loss. Requests may come from any thread; answers are read by one loop.</summary>
internal sealed class StreamingConnection : IDisposable
{
    private readonly WebSocket _socket;
    private readonly StreamingRpcClientOptions _options;
    private readonly Action<Subscription> _ended;
    private readonly CancellationTokenSource _dead = new();
    private readonly ITimer _heartbeat;

    // As long as the number of subscriptions, so it needs no bound.
    private readonly Channel<byte[]> _outgoing = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Lock _lock = new();
    private readonly Dictionary<long, Subscription?> _pending = []; // by request id; null for requests whose answer matters to nobody
    private readonly Dictionary<long, Subscription> _active = []; // by the node's subscription id
    private long _lastId;
    private long _heartbeatRequest;
    private long? _heartbeatSubscription;

    /// <param name="ended">Called for a subscription that the node has ended or refused.</param>
    public StreamingConnection(WebSocket socket, StreamingRpcClientOptions options, TimeProvider time, Action<Subscription> ended)
    {
        _socket = socket;
        _options = options;
        _ended = ended;
        _heartbeat = time.CreateTimer(_ => _dead.Cancel(), null, options.HeartbeatTimeout, Timeout.InfiniteTimeSpan);
        lock (_lock) _heartbeatRequest = Request("slotSubscribe", static _ => { }, null);
    }

    /// <summary>Whether the node has answered anything, so that the next reconnection need not wait long.</summary>
    public bool WasUseful { get; private set; }

    public void Subscribe(Subscription subscription)
    {
        lock (_lock) Request(subscription.Method, subscription.WriteParams, subscription);
    }

    public void Unsubscribe(Subscription subscription)
    {
        lock (_lock)
        {
            foreach ((long id, Subscription active) in _active)
            {
                if (active != subscription) continue;
                _active.Remove(id);
                Request(subscription.UnsubscribeMethod, writer => writer.WriteNumberValue(id), null);
                return;
            }
        }
    }

    /// <summary>Serves the connection until it is lost; the exception says how.</summary>
    public async Task RunAsync(Func<Subscription, bool> isWanted, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _dead.Token);
        Task sending = SendLoopAsync(stop.Token);
        try
        {
            await ReceiveLoopAsync(isWanted, stop.Token);
        }
        catch (OperationCanceledException) when (_dead.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"no slot for {_options.HeartbeatTimeout.TotalSeconds:0.#} s");
        }
        finally
        {
            await stop.CancelAsync();
            await sending;
        }
    }

    public void Dispose()
    {
        _heartbeat.Dispose();
        _socket.Dispose();
        // Not the token source: the timer's last tick may still be on its way to it, and it holds nothing that needs freeing.
    }

    private long Request(string method, Action<Utf8JsonWriter> writeParams, Subscription? subscription)
    {
        long id = ++_lastId;
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer)) JsonRpcRequest.Write(writer, id, method, writeParams);
        _pending[id] = subscription;
        _outgoing.Writer.TryWrite(buffer.WrittenSpan.ToArray());
        return id;
    }

    private async Task SendLoopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (byte[] message in _outgoing.Reader.ReadAllAsync(cancellationToken))
                await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException or InvalidOperationException)
        {
            // A socket that cannot send cannot receive either: the receiving loop reports the loss.
            _socket.Abort();
        }
    }

    private async Task ReceiveLoopAsync(Func<Subscription, bool> isWanted, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(16 << 10);
        while (true)
        {
            buffer.ResetWrittenCount();
            ValueWebSocketReceiveResult part;
            do
            {
                part = await _socket.ReceiveAsync(buffer.GetMemory(4096), cancellationToken);
                if (part.MessageType == WebSocketMessageType.Close)
                    throw new WebSocketException($"the node closed the connection ({_socket.CloseStatus} {_socket.CloseStatusDescription})");
                buffer.Advance(part.Count);
                if (buffer.WrittenCount > _options.MaxMessageBytes) throw new WebSocketException($"a message is longer than {_options.MaxMessageBytes} bytes");
            }
            while (!part.EndOfMessage);
            using JsonDocument message = JsonDocument.Parse(buffer.WrittenMemory);
            WasUseful = true;
            JsonElement root = message.RootElement;
            if (root.ValueKind != JsonValueKind.Object) throw new JsonException("The message is not an object.");
            if (root.TryGetProperty("params"u8, out JsonElement parameters)) Notify(parameters);
            else Answer(root, isWanted);
        }
    }

    private void Notify(JsonElement parameters)
    {
        if (parameters.ValueKind != JsonValueKind.Object || !parameters.TryGetProperty("subscription"u8, out JsonElement idElement)
            || !idElement.TryGetInt64(out long id) || !parameters.TryGetProperty("result"u8, out JsonElement result))
            throw new JsonException("The notification has no subscription or result.");
        Subscription? subscription;
        lock (_lock)
        {
            if (id == _heartbeatSubscription) _heartbeat.Change(_options.HeartbeatTimeout, Timeout.InfiniteTimeSpan);
            if (!_active.TryGetValue(id, out subscription)) return; // the heartbeat, or one that has just been given up
            if (subscription.IsOneShot) _active.Remove(id);
        }
        subscription.Deliver(result);
        if (!subscription.IsOneShot) return;
        _ended(subscription);
        subscription.Complete();
    }

    private void Answer(JsonElement root, Func<Subscription, bool> isWanted)
    {
        if (!root.TryGetProperty("id"u8, out JsonElement idElement) || idElement.ValueKind != JsonValueKind.Number || !idElement.TryGetInt64(out long id))
            return;
        Subscription? subscription;
        lock (_lock)
        {
            if (!_pending.Remove(id, out subscription)) return;
        }
        if (root.TryGetProperty("error"u8, out JsonElement errorElement))
        {
            // A node without slots is trusted to close the connection when it goes; the WebSocket's own pings remain.
            if (id == _heartbeatRequest) _heartbeat.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            if (subscription is not null) Refused(subscription, errorElement);
            return;
        }
        if (!root.TryGetProperty("result"u8, out JsonElement result) || result.ValueKind != JsonValueKind.Number
            || !result.TryGetInt64(out long subscriptionId))
        {
            if (subscription is not null) throw new JsonException($"The answer to {subscription.Method} is not a subscription.");
            return;
        }
        if (id == _heartbeatRequest)
        {
            lock (_lock) _heartbeatSubscription = subscriptionId;
            return;
        }
        if (subscription is null) return;
        lock (_lock) _active[subscriptionId] = subscription;
        if (isWanted(subscription)) subscription.Established();
        else Unsubscribe(subscription); // given up before the node had answered
    }

    private void Refused(Subscription subscription, JsonElement errorElement)
    {
        RpcException exception = (errorElement.Deserialize(RpcJsonContext.Default.JsonRpcError) ?? new JsonRpcError()).ToException(subscription.Method);
        if (exception.IsTransient) throw new WebSocketException($"the node put {subscription.Method} off: {exception.RpcMessage}", exception);
        if (exception.IsRefusal && ++subscription.Refusals <= _options.Fallbacks.Count)
        {
            WasUseful = false; // so that the next node is asked; the other subscriptions move along
            throw new WebSocketException($"the node does not serve {subscription.Method}: {exception.RpcMessage}", exception);
        }
        _ended(subscription);
        subscription.Complete(exception);
    }
}
