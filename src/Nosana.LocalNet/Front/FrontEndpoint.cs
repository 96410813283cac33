using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Nosana.LocalNet.Front;

/// <summary>The front's events, as the network's deployment manager follows them: server-sent, a snapshot first.</summary>
internal sealed class FrontEndpoint(FrontProxies proxies)
{
    /// <summary>Below the RPC's port.</summary>
    public const string BasePath = "/frps/";

    public const string EventsPath = $"{BasePath}api/conn/events";

    /// <summary>Any key is taken, but none.</summary>
    private const string KeyHeader = "X-API-Key";

    public async Task ServeAsync(HttpContext http)
    {
        if (http.Request.Headers[KeyHeader].Count == 0)
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        await http.Response.WriteAsync(": connected\n\n", http.RequestAborted);
        var events = Channel.CreateUnbounded<FrontEvent>();
        using IDisposable following = proxies.Follow(@event => events.Writer.TryWrite(@event));
        try
        {
            await foreach (FrontEvent @event in events.Reader.ReadAllAsync(http.RequestAborted))
            {
                // SSH proxies are no news for the one that deploys.
                if (@event.Proxy.Kind != FrontProxy.Http) continue;
                await http.Response.WriteAsync($"event: {@event.Event}\ndata: {DataOf(@event)}\n\n", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // whoever followed has gone
        }
    }

    private static string DataOf(FrontEvent @event)
    {
        var data = new JsonObject
        {
            ["proxyName"] = @event.Proxy.Name,
            ["metadata"] = new JsonArray([.. @event.Proxy.Labels.Select(label => (JsonNode)new JsonObject { [label.Key] = label.Value })]),
        };
        if (@event.Reason is { } reason) data["reason"] = reason;
        return data.ToJsonString(JsonSerializerOptions.Web);
    }
}
