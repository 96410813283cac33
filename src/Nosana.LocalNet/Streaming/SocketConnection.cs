using System.Buffers;
using System.Net.WebSockets;
using System.Threading.Channels;
using Nosana.LocalNet.Rpc;

namespace Nosana.LocalNet.Streaming;

/// <summary>One client on a WebSocket: reads its calls, and sends answers and notifications in the order they arose.</summary>
internal sealed class SocketConnection : IDisposable
{
    private const int MaxQueued = 10_000;
    private const int MaxMessageBytes = 1024 * 1024;

    private readonly WebSocket _socket;
    private readonly SubscriptionHub _hub;
    private readonly RpcDispatcher _dispatcher;
    private readonly Dictionary<string, RpcMethod> _methods;
    private readonly CancellationTokenSource _closed = new();
    private readonly Channel<ReadOnlyMemory<byte>> _outgoing =
        Channel.CreateBounded<ReadOnlyMemory<byte>>(new BoundedChannelOptions(MaxQueued) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Lock _order = new();
    private readonly List<ulong> _catchUp = [];
    private List<ReadOnlyMemory<byte>>? _held;

    public SocketConnection(WebSocket socket, SubscriptionHub hub, RpcDispatcher dispatcher)
    {
        _socket = socket;
        _hub = hub;
        _dispatcher = dispatcher;
        _methods = new SubscriptionMethods(this, hub).Methods.ToDictionary();
    }

    /// <summary>Serves the client until either side closes.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        Task sending = SendAllAsync(linked.Token);
        try
        {
            await ReceiveAllAsync(linked.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            // The client is gone, or the network closes: either way this connection is over.
        }
        finally
        {
            _hub.RemoveAll(this);
            _outgoing.Writer.TryComplete();
            Close();
            await sending;
        }
    }

    /// <summary>Queues a notification, behind the answer that is being made: a client knows its subscription's number only from that.</summary>
    public void Notify(ReadOnlyMemory<byte> message)
    {
        lock (_order)
        {
            if (_held is not null) _held.Add(message);
            else Send(message);
        }
    }

    /// <summary>Ends the connection at once, without a closing handshake.</summary>
    public void Close()
    {
        _closed.Cancel();
        _socket.Abort();
    }

    public void Dispose() => _closed.Dispose();

    /// <summary>Asks that a subscription be told what happened before it, once its own answer is on the way.</summary>
    internal void CatchUpAfterAnswer(ulong subscription) => _catchUp.Add(subscription);

    private async Task ReceiveAllAsync(CancellationToken cancellationToken)
    {
        byte[] chunk = new byte[16 * 1024];
        var message = new ArrayBufferWriter<byte>();
        while (true)
        {
            ValueWebSocketReceiveResult received = await _socket.ReceiveAsync(chunk.AsMemory(), cancellationToken);
            if (received.MessageType == WebSocketMessageType.Close)
            {
                await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
                return;
            }
            if (message.WrittenCount + received.Count > MaxMessageBytes) return;
            message.Write(chunk.AsSpan(0, received.Count));
            if (!received.EndOfMessage) continue;
            Serve(message.WrittenMemory);
            message.ResetWrittenCount();
        }
    }

    private void Serve(ReadOnlyMemory<byte> message)
    {
        lock (_order) _held = [];
        ReadOnlyMemory<byte> answer = _dispatcher.Answer(message, _methods);
        lock (_order)
        {
            if (!answer.IsEmpty) Send(answer);
            foreach (ReadOnlyMemory<byte> notification in _held) Send(notification);
            _held = null;
        }
        foreach (ulong subscription in _catchUp) _hub.CatchUp(subscription);
        _catchUp.Clear();
    }

    /// <summary>A client that does not read is cut off, as a node does, so that it holds nobody up.</summary>
    private void Send(ReadOnlyMemory<byte> message)
    {
        if (!_outgoing.Writer.TryWrite(message)) Close();
    }

    private async Task SendAllAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (ReadOnlyMemory<byte> message in _outgoing.Reader.ReadAllAsync(cancellationToken))
            {
                await _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // As above: nobody is left to send to. The receiving side may still be waiting for a dead client.
            Close();
        }
    }
}
