using System.Text.Json;

namespace Nosana.Node.Api.Streaming;

/// <summary>
/// What a WebSocket can be asked for: the path of its first frame, not that of the upgrade, says it. Registered with <see cref="ApiServices.AddSocketRoute"/>;
/// what holds for the making of <see cref="IApiRoutes"/> holds for it, too.
/// </summary>
internal interface ISocketRoute
{
    /// <summary>Such as <c>/log</c>.</summary>
    string Path { get; }

    /// <summary>Serves the socket until it is over. Returning closes it in order; see <see cref="SocketRefusedException"/> for other ends.</summary>
    /// <param name="socket">Open.</param>
    /// <param name="frame">The first frame.</param>
    /// <param name="cancel">The socket is gone, or the agent ends.</param>
    Task ServeAsync(ApiSocket socket, SocketFrame frame, CancellationToken cancel);
}

/// <summary>The first frame of a WebSocket.</summary>
/// <param name="Path">What is asked for.</param>
/// <param name="Header">The authorization: the field <c>header</c>, or what dashboards write beside it; null where there is none.</param>
/// <param name="Job">The body's <c>jobAddress</c>, or null.</param>
/// <param name="Body">Whole.</param>
internal sealed record SocketFrame(string Path, string? Header, string? Job, JsonElement Body);

/// <summary>The socket is closed with a code and a reason (newer host, section 21).</summary>
internal sealed class SocketRefusedException(int code, string reason) : Exception(reason)
{
    public const int PolicyViolation = 1008, InternalError = 1011, TryAgainLater = 1013, Unauthorized = 4001, InvalidPath = 3003;

    public int Code { get; } = code;

    public string Reason { get; } = reason;
}
