using System.Net.WebSockets;
using System.Text.Json;
using Nosana.Node.Api.Authorization;

namespace Nosana.Node.Api.Streaming;

/// <summary>
/// Takes WebSockets, whatever the path of their upgrade, and gives each to the route that its first frame names. Dashboards and the official client write
/// that frame in two ways; both are read.
/// </summary>
internal sealed partial class SocketDoor(IEnumerable<ISocketRoute> routes, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<SocketDoor> logger)
{
    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(30);

    /// <summary>Whoever says nothing does not want anything.</summary>
    private static readonly TimeSpan FirstFrameLimit = TimeSpan.FromSeconds(30);

    /// <summary>An authorization, an address and a few words.</summary>
    private const int MaxFrameBytes = 16 << 10;

    private readonly Dictionary<string, ISocketRoute> _routes = routes.ToDictionary(route => route.Path, StringComparer.Ordinal);

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await next(http);
            return;
        }
        using WebSocket accepted = await http.WebSockets.AcceptWebSocketAsync();
        using var socket = new ApiSocket(accepted, CorkedStream.Of(http));
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        (int code, string reason) = await ServeAsync(socket, gone.Token);
        await socket.CloseAsync(code, reason);
    }

    /// <returns>How the socket is to be closed.</returns>
    private async Task<(int Code, string Reason)> ServeAsync(ApiSocket socket, CancellationToken gone)
    {
        try
        {
            if (await ReadFrameAsync(socket, gone) is not { } frame) return ((int)WebSocketCloseStatus.NormalClosure, "");
            if (!_routes.TryGetValue(frame.Path, out ISocketRoute? route)) return (SocketRefusedException.InvalidPath, "Invalid Path");
            await route.ServeAsync(socket, frame, gone);
            return ((int)WebSocketCloseStatus.NormalClosure, "");
        }
        catch (SocketRefusedException e)
        {
            return (e.Code, e.Reason);
        }
        catch (JsonException)
        {
            return (SocketRefusedException.InternalError, "Internal Server Error");
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            return ((int)WebSocketCloseStatus.EndpointUnavailable, ""); // it is gone, or the agent ends
        }
        catch (Exception e)
        {
            LogBroken(e);
            return (SocketRefusedException.InternalError, "Internal Server Error");
        }
    }

    private async Task<SocketFrame?> ReadFrameAsync(ApiSocket socket, CancellationToken gone)
    {
        using var silent = new CancellationTokenSource(FirstFrameLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(gone, silent.Token);
        SocketMessage? message = await socket.ReceiveAsync(MaxFrameBytes, either.Token);
        if (message is null) return null;
        if (!message.IsText) throw new JsonException("The frame is no text.");
        using JsonDocument document = JsonDocument.Parse(message.Bytes, new JsonDocumentOptions { MaxDepth = 16 });
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("body", out JsonElement body) || body.ValueKind != JsonValueKind.Object)
            throw new JsonException("There is no body.");
        JsonElement headers = root.TryGetProperty("headers", out JsonElement named) ? named : default;
        return new SocketFrame(
            root.TextOf("path") ?? "", root.TextOf("header") ?? headers.TextOf("Authorization") ?? headers.TextOf("authorization"),
            body.TextOf("jobAddress") ?? body.TextOf("address"), body.Clone());
    }

    [LoggerMessage(6210, LogLevel.Error, "A WebSocket of the API was ended by a fault of this program")]
    private partial void LogBroken(Exception exception);
}

/// <summary>What routes of WebSockets ask of a first frame.</summary>
internal static class SocketFrames
{
    /// <summary>A member that is a text; null where there is none.</summary>
    /// <exception cref="JsonException">It is half a character.</exception>
    public static string? TextOf(this JsonElement of, string name)
    {
        if (of.ValueKind != JsonValueKind.Object || !of.TryGetProperty(name, out JsonElement value) || value.ValueKind != JsonValueKind.String) return null;
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("The text is none.", e);
        }
    }

    /// <summary>The frame's job, once it is known that its owner asks.</summary>
    /// <exception cref="SocketRefusedException">It names none, or somebody else asks.</exception>
    public static async Task<string> OfOwnerAsync(
        this SocketFrame frame, OwnerAuthorization authorization, bool takesHost, CancellationToken cancel)
    {
        if (frame.Job is not { Length: > 0 } job)
            throw new SocketRefusedException(SocketRefusedException.PolicyViolation, "Expected body to contain jobAddress.");
        var call = new OwnerCall(job, BoundHeader.SocketMethod, frame.Path, Changes: false) { Age = SignedHeader.StandardAge, TakesHost = takesHost };
        Authorized found = await authorization.CheckAsync(frame.Header, call, cancel);
        if (found.IsGranted) return job;
        if (found.Status != StatusCodes.Status401Unauthorized) throw new SocketRefusedException(SocketRefusedException.TryAgainLater, found.Text);
        throw new SocketRefusedException(SocketRefusedException.Unauthorized, ConcernsJob(found.Text, job) ? found.Text : AuthorizationFault.Unauthorized);
    }

    // The official host says more where the job is at fault than where the header is.
    private static bool ConcernsJob(string text, string job) =>
        text == AuthorizationFault.Of(AuthorizationFault.InvalidKey) || text == AuthorizationFault.Of(AuthorizationFault.NoSuchJob(job)) && job.Length <= 44;
}
