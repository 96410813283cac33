namespace Nosana.Node.Tests.Api;

/// <summary>What the API has, as <c>docs/api.md</c> lists it.</summary>
internal static class Routes
{
    public static readonly string[] All =
    [
        "GET /",
        "GET /node/info",
        "GET /job/{job}/info",
        "GET /job/{job}/results",
        "GET /job/{job}/job-definition",
        "POST /job/{job}/job-definition",
        "GET /job/{job}/endpoints",
        "POST /job/{job}/stop",
        "GET /job/{job}/ops",
        "GET /job/{job}/ops/{op}",
        "GET /job/{job}/group/current",
        "GET /job/{job}/group/{group}",
        "POST /job/{job}/group/{group}/restart",
        "POST /job/{job}/group/{group}/stop",
        "POST /job/{job}/group/{group}/operation/{op}/restart",
        "POST /job/{job}/group/{group}/operation/{op}/stop",
        "GET /job/{job}/stats",
        "GET /job/{job}/stats/stream",
        "POST /job/{job}/ssh/authorize",
        "GET /job/{job}/ssh/keys",
        "PUT /job/{job}/ssh/keys",
        "DELETE /job/{job}/ssh/keys",
    ];

    /// <summary>What a WebSocket can be asked for.</summary>
    public static readonly string[] Sockets = ["WS /flog", "WS /log", "WS /status", "WS /terminal"];
}
