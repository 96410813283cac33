using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace Nosana.LocalNet.Tests.Support;

/// <summary>A WebSocket client that keeps answers and notifications apart.</summary>
internal sealed class TestSocket : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly ClientWebSocket _socket = new();
    private readonly Queue<JsonElement> _notifications = [];
    private int _lastId;

    public static async Task<TestSocket> ConnectAsync(Uri uri)
    {
        var socket = new TestSocket();
        await socket._socket.ConnectAsync(uri, TestNetwork.Cancellation);
        return socket;
    }

    /// <summary>The answer to a call; notifications that come first are kept.</summary>
    public async Task<JsonElement> AnswerAsync(string method, string parameters)
    {
        int id = ++_lastId;
        await SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters}}}""");
        while (true)
        {
            JsonElement message = await ReceiveAsync();
            if (message.TryGetProperty("id", out JsonElement answered) && answered.ValueKind == JsonValueKind.Number && answered.GetInt32() == id) return message;
            _notifications.Enqueue(message);
        }
    }

    public async Task<ulong> SubscribeAsync(string method, string parameters)
    {
        JsonElement answer = await AnswerAsync(method, parameters);
        Assert.True(answer.TryGetProperty("result", out JsonElement result), answer.ToString());
        return result.GetUInt64();
    }

    /// <summary>The next notification: its method and its params.</summary>
    public async Task<(string Method, JsonElement Params)> NotificationAsync()
    {
        JsonElement message = _notifications.TryDequeue(out JsonElement kept) ? kept : await ReceiveAsync();
        return (message.GetProperty("method").GetString()!, message.GetProperty("params"));
    }

    public Task SendAsync(string text) => _socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, TestNetwork.Cancellation);

    /// <summary>Reads until the connection breaks.</summary>
    public async Task<bool> IsCutOffAsync()
    {
        try
        {
            while (true) await ReceiveAsync();
        }
        catch (WebSocketException)
        {
            return true;
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<JsonElement> ReceiveAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestNetwork.Cancellation);
        limit.CancelAfter(Deadline);
        using var message = new MemoryStream();
        byte[] chunk = new byte[16 * 1024];
        while (true)
        {
            ValueWebSocketReceiveResult received = await _socket.ReceiveAsync(chunk.AsMemory(), limit.Token);
            if (received.MessageType == WebSocketMessageType.Close) throw new WebSocketException("closed");
            message.Write(chunk, 0, received.Count);
            if (received.EndOfMessage) break;
        }
        using JsonDocument document = JsonDocument.Parse(message.ToArray());
        return document.RootElement.Clone();
    }
}
