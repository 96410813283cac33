using System.Net.WebSockets;

namespace Nosana.Node.Api.Streaming;

/// <summary>A WebSocket of the API. Several may send; one reads.</summary>
internal sealed class ApiSocket(WebSocket socket, CorkedStream wire) : IDisposable
{
    /// <summary>A peer that takes nothing for so long is gone, whatever its system says.</summary>
    public static readonly TimeSpan SendLimit = TimeSpan.FromMinutes(2);

    /// <summary>Who was refused has nothing to read any more.</summary>
    private static readonly TimeSpan RefusedLimit = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _sending = new(1, 1);
    private Task? _closed;

    public Task SendTextAsync(ReadOnlyMemory<byte> utf8, CancellationToken cancel) => SendAsync([utf8], WebSocketMessageType.Text, cancel);

    public Task SendBinaryAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel) => SendAsync([bytes], WebSocketMessageType.Binary, cancel);

    /// <summary>Sends a message each, in as few packets as they fit in.</summary>
    public Task SendTextsAsync(IReadOnlyList<ReadOnlyMemory<byte>> utf8, CancellationToken cancel) => SendAsync(utf8, WebSocketMessageType.Text, cancel);

    /// <summary>The next message, whole; null when the peer closes or has gone.</summary>
    /// <param name="most">Bytes. A longer one ends the socket with 1009.</param>
    public async Task<SocketMessage?> ReceiveAsync(int most, CancellationToken cancel)
    {
        byte[] buffer = new byte[Math.Min(most + 1, 4 << 10)];
        int length = 0;
        while (true)
        {
            if (length == buffer.Length) Array.Resize(ref buffer, Math.Min(most + 1, buffer.Length * 2));
            ValueWebSocketReceiveResult read;
            try
            {
                read = await socket.ReceiveAsync(buffer.AsMemory(length), cancel);
            }
            catch (WebSocketException)
            {
                return null; // it went without a word, or says what is no WebSocket's
            }
            if (read.MessageType == WebSocketMessageType.Close) return null;
            length += read.Count;
            if (length > most) throw new SocketRefusedException((int)WebSocketCloseStatus.MessageTooBig, "The message is too long.");
            if (read.EndOfMessage) return new SocketMessage(read.MessageType == WebSocketMessageType.Text, buffer.AsMemory(0, length));
        }
    }

    /// <summary>Completes when the peer has gone. From the first asking on, what it says is of no interest; it is not to be read otherwise any more.</summary>
    public Task Closed => _closed ??= UntilClosedAsync();

    /// <summary>Nothing more is sent; the peer's own close comes to whoever receives.</summary>
    public async Task CloseOutputAsync(CancellationToken cancel)
    {
        try
        {
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", cancel);
        }
        catch (WebSocketException)
        {
            // it went without a word
        }
    }

    /// <summary>Closes in order: a peer that is slow gets what was sent before, and time to read it.</summary>
    public async Task CloseAsync(int code, string reason)
    {
        using var limit = new CancellationTokenSource(code == (int)WebSocketCloseStatus.NormalClosure ? SendLimit : RefusedLimit);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync((WebSocketCloseStatus)code, reason, limit.Token);
            await Closed.WaitAsync(limit.Token);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException)
        {
            socket.Abort();
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        _sending.Dispose();
    }

    // Without a token: to give up a reading breaks the socket, which then cannot be closed in order.
    private async Task UntilClosedAsync()
    {
        byte[] buffer = new byte[512];
        try
        {
            while (socket.State is WebSocketState.Open or WebSocketState.CloseSent
                && (await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None)).MessageType != WebSocketMessageType.Close)
            {
                // of no meaning once the first frame is there
            }
        }
        catch (Exception e) when (e is WebSocketException or IOException or OperationCanceledException)
        {
            // it went without a word
        }
    }

    private async Task SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> messages, WebSocketMessageType type, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(SendLimit);
        await _sending.WaitAsync(limit.Token);
        try
        {
            wire.Cork();
            foreach (ReadOnlyMemory<byte> message in messages) await socket.SendAsync(message, type, endOfMessage: true, limit.Token);
            await wire.UncorkAsync(limit.Token);
        }
        finally
        {
            _sending.Release();
        }
    }
}

/// <param name="IsText">Else it is binary.</param>
/// <param name="Bytes">Of it.</param>
internal sealed record SocketMessage(bool IsText, ReadOnlyMemory<byte> Bytes);
