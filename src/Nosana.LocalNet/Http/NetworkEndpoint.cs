using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Nosana.LocalNet.Content;
using Nosana.LocalNet.Faults;
using Nosana.LocalNet.Front;
using Nosana.LocalNet.HostManager;
using Nosana.LocalNet.Rpc;
using Nosana.LocalNet.Streaming;

namespace Nosana.LocalNet.Http;

/// <summary>Every request to the network, on whichever of its ports: a WebSocket, the gateway, the pinning service, the host manager, or an RPC call.</summary>
internal sealed class NetworkEndpoint(
    RpcNode first, RpcNode replica, SocketEndpoint sockets, IpfsEndpoint ipfs, HostManagerEndpoint hostManager, FrontEndpoint? front,
    LocalNetFaults faults, TimeProvider time)
{
    /// <summary>The second RPC node.</summary>
    public const string ReplicaPath = "/replica";

    private const int MaxRpcBytes = 4 * 1024 * 1024;

    public async Task ServeAsync(HttpContext context, CancellationToken stopping)
    {
        if (context.WebSockets.IsWebSocketRequest)
        {
            await sockets.ServeAsync(context, stopping);
            return;
        }
        // Pages in a browser may use the network too: everything here is public and nothing is worth stealing.
        context.Response.Headers.AccessControlAllowOrigin = "*";
        if (HttpMethods.IsOptions(context.Request.Method))
        {
            context.Response.Headers.AccessControlAllowMethods = "GET, POST, OPTIONS";
            context.Response.Headers.AccessControlAllowHeaders =
                context.Request.Headers.AccessControlRequestHeaders is { Count: > 0 } asked ? asked : new StringValues("*");
            context.Response.StatusCode = StatusCodes.Status204NoContent;
            return;
        }
        if (faults.Delay > TimeSpan.Zero) await Task.Delay(faults.Delay, time, context.RequestAborted);
        PathString path = context.Request.Path;
        if (path.Value!.StartsWith(IpfsEndpoint.GatewayPath, StringComparison.Ordinal)) await ipfs.ServeGatewayAsync(context);
        else if (path.Value is IpfsEndpoint.PinJsonPath or IpfsEndpoint.PinFilePath or IpfsEndpoint.CredentialPath) await ipfs.ServePinningAsync(context);
        else if (path.StartsWithSegments(HostManagerEndpoint.BasePath)) await hostManager.ServeAsync(context);
        else if (path == FrontEndpoint.EventsPath && front is not null) await front.ServeAsync(context);
        else if (path == "/health" && HttpMethods.IsGet(context.Request.Method))
            await context.Response.WriteAsync(faults.NodeBehind ? "behind" : "ok", context.RequestAborted);
        else if (path != "/" && path != ReplicaPath) context.Response.StatusCode = StatusCodes.Status404NotFound;
        else if (!HttpMethods.IsPost(context.Request.Method)) await MethodNotAllowedAsync(context);
        else await ServeRpcAsync(context, path == ReplicaPath ? replica : first);
    }

    private async Task ServeRpcAsync(HttpContext context, RpcNode node)
    {
        if (node.Faults.Status is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }
        if (faults.RpcDown)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }
        if (faults.TakeTooManyRequests())
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            context.Response.Headers.RetryAfter = "1";
            return;
        }
        if (context.Request.ContentLength > MaxRpcBytes)
        {
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        ReadOnlyMemory<byte> answer = node.Dispatcher.Answer(body.GetBuffer().AsMemory(0, (int)body.Length));
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = answer.Length;
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    private static async Task MethodNotAllowedAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        context.Response.Headers.Allow = "POST";
        await context.Response.WriteAsync("Used HTTP Method is not allowed. POST or OPTIONS is required\n", context.RequestAborted);
    }
}
