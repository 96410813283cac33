using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Nosana.Node.Files;

namespace Nosana.Node.Control;

/// <summary>
/// The control channel: HTTP with JSON over a socket in the state directory, for root and the agent's own user. It listens before anything else of the
/// host, so that a host whose start waits can be asked and told, too.
/// </summary>
internal sealed partial class ControlServer(
    ControlSocket socket, IEnumerable<ControlRoute> routes, IServiceProvider services, IHostApplicationLifetime lifetime, ILoggerFactory loggers)
    : IHostedService, IAsyncDisposable
{
    /// <summary>What requests under way get when the agent ends.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Far more than flags and variables take.</summary>
    private const int MaxBodyBytes = 1 << 20;

    private const int MaxConnections = 32;

    private readonly ILogger _logger = loggers.CreateLogger<ControlServer>();
    private readonly ControlRoute[] _routes = [.. routes];
    private WebApplication? _app;

    /// <exception cref="IOException">The socket cannot be made.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_app is not null) return;
        if (!socket.IsShortEnough)
        {
            LogTooLong(_logger, socket.Path);
            return;
        }
        File.Delete(socket.Path); // who holds the state directory's lock is the only one that listens there
        // An empty builder: no configuration or environment variable of the agent's own may move this listener.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Grace);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.ListenUnixSocket(socket.Path, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        WebApplication app = builder.Build();
        app.Run(AnswerAsync);
        try
        {
            await app.StartAsync(cancellationToken);
            File.SetUnixFileMode(socket.Path, PrivateFiles.FileMode);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
        _app = app;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _app, null) is not { } app) return;
        try
        {
            await app.StopAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The grace is over; disposing cuts what is left.
        }
        await app.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await StopAsync(new CancellationToken(canceled: true));

    private async Task AnswerAsync(HttpContext http)
    {
        http.Response.Headers[ControlSocket.VersionHeader] = ControlSocket.Version;
        try
        {
            // The socket's mode lets nobody else in; this is for whoever was given it open, or a mode that somebody has changed.
            if (http.Features.Get<IConnectionSocketFeature>() is not { Socket: var peer } || !PeerCredentials.Of(peer).IsOurs)
                throw new ControlException(StatusCodes.Status403Forbidden, "Only root and the agent's own user may control it.");
            await WriteAsync(http, StatusCodes.Status200OK, await ExecuteAsync(http));
        }
        catch (ControlException e)
        {
            await WriteAsync(http, e.Status, ErrorOf(e.Message, e.Details));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // nobody waits for the answer any more
        }
        catch (Exception e)
        {
            LogBroken(_logger, e, http.Request.Path);
            await WriteAsync(http, StatusCodes.Status500InternalServerError, ErrorOf($"This should not have happened: {e.Message}", []));
        }
    }

    private async Task<JsonNode> ExecuteAsync(HttpContext http)
    {
        string path = http.Request.Path.Value ?? "";
        ControlRoute[] there = [.. _routes.Where(route => route.Path == path)];
        if (there.Length == 0) throw new ControlException(StatusCodes.Status404NotFound, $"This agent (version {ControlSocket.Version}) knows no '{path}'.");
        if (there.FirstOrDefault(route => route.Method == http.Request.Method) is not { } route)
            throw new ControlException(StatusCodes.Status405MethodNotAllowed, $"'{path}' takes {string.Join(", ", there.Select(other => other.Method))}.");
        if (!route.WhileStarting && !lifetime.ApplicationStarted.IsCancellationRequested)
            throw new ControlException(StatusCodes.Status503ServiceUnavailable, "The host is still starting; its log says what it waits for. Ask again later.");
        var query = http.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        var request = new ControlRequest(query, await BodyAsync(http));
        return await ((IControlCommand)services.GetRequiredService(route.Command)).ExecuteAsync(request, http.RequestAborted);
    }

    private static async Task<JsonNode?> BodyAsync(HttpContext http)
    {
        if (http.Request.ContentLength is not > 0) return null;
        try
        {
            return await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        }
        catch (JsonException e)
        {
            throw new ControlException(StatusCodes.Status400BadRequest, $"The request is no JSON: {e.Message}", inner: e);
        }
    }

    private static JsonObject ErrorOf(string message, IReadOnlyList<string> details) =>
        new() { ["error"] = message, ["details"] = new JsonArray([.. details.Select(line => (JsonNode)line)]) };

    private static async Task WriteAsync(HttpContext http, int status, JsonNode answer)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(answer.ToJsonString(), http.RequestAborted);
    }

    /// <summary>The default one would listen for Ctrl-C and SIGTERM itself.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    [LoggerMessage(910, LogLevel.Warning, "The agent cannot be controlled while it runs (drain, reload): the path {Path} is longer than a socket's may be. "
        + "Choose a --state directory with a shorter one")]
    private static partial void LogTooLong(ILogger logger, string path);

    [LoggerMessage(911, LogLevel.Error, "The control command {Path} failed by a fault of this program")]
    private static partial void LogBroken(ILogger logger, Exception exception, string path);
}
