using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Nosana.Solana.Tests.Streaming;

/// <summary>A node's WebSocket on loopback that a test feeds, cuts and lets refuse.</summary>
internal sealed class FakeStreamNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, long> _ids = new();
    private WebSocket? _socket;
    private HttpContext? _context;
    private long _lastId = 100;

    private FakeStreamNode(WebApplication app) => _app = app;

    public Uri Url { get; private set; } = null!;

    public ConcurrentQueue<JsonElement> Requests { get; } = new();

    /// <summary>Answers a method with an error instead of a subscription.</summary>
    public ConcurrentDictionary<string, string> Refusals { get; } = new();

    public int Connections { get; private set; }

    public static async Task<FakeStreamNode> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        WebApplication app = builder.Build();
        var node = new FakeStreamNode(app);
        app.UseWebSockets();
        app.Run(node.HandleAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        node.Url = new Uri(app.Urls.First().Replace("http://", "ws://", StringComparison.Ordinal));
        return node;
    }

    public int Count(string method) => Requests.Count(request => request.GetProperty("method").GetString() == method);

    /// <summary>Sends a notification of the newest subscription of this method.</summary>
    public Task NotifyAsync(string method, string result) => SendAsync($$$"""{"jsonrpc":"2.0","method":"{{{method.Replace("Subscribe", "Notification", StringComparison.Ordinal)}}}","params":{"result":{{{result}}},"subscription":{{{_ids[method]}}}}}""");

    public Task SendAsync(string text) => _socket!.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, TestContext.Current.CancellationToken);

    /// <summary>Cuts the connection without a word.</summary>
    public void Drop() => _context?.Abort();

    public async ValueTask DisposeAsync()
    {
        _context?.Abort();
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        (_socket, _context) = (socket, context);
        Connections++;
        var buffer = new byte[64 << 10];
        try
        {
            while (true)
            {
                WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, context.RequestAborted);
                if (received.MessageType == WebSocketMessageType.Close) return;
                using JsonDocument document = JsonDocument.Parse(buffer.AsMemory(0, received.Count));
                JsonElement request = document.RootElement.Clone();
                string method = request.GetProperty("method").GetString()!;
                string id = request.GetProperty("id").GetRawText();
                if (Refusals.TryGetValue(method, out string? error)) await SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"error":{{error}}}""");
                else if (method.EndsWith("Unsubscribe", StringComparison.Ordinal)) await SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"result":true}""");
                else
                {
                    _ids[method] = Interlocked.Increment(ref _lastId);
                    await SendAsync($$"""{"jsonrpc":"2.0","id":{{id}},"result":{{_ids[method]}}}""");
                }
                Requests.Enqueue(request);
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or IOException)
        {
            // The test or the client has cut the connection, which is what this node is for.
            _context = null;
        }
    }
}
