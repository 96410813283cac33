using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Nosana.Node.Api.Authorization;
using Nosana.Node.Api.Streaming;
using Nosana.Node.Exposure;

namespace Nosana.Node.Api;

/// <summary>
/// The node's HTTP and WebSocket API: a Kestrel of its own on loopback, from the host's first step to its last. It listens twice: where this machine's people
/// ask it, and where the ingress brings the world's requests for its name, so that what is for this machine alone can never be asked from outside.
/// </summary>
internal sealed partial class ApiServer(
    ApiOptions options, IEnumerable<IApiRoutes> routes, SocketDoor sockets, OwnerAuthorization authorization, ExposureTable table,
    IHostApplicationLifetime lifetime, ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    /// <summary>Who has the API's name in the table of the ingress. No job's address.</summary>

    /// <summary>The largest body: a definition.</summary>
    public const int MaxBodyBytes = JobDefinition.Documents.DefinitionLimits.MaxBytes;

    /// <summary>What requests under way get when the agent ends.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private const int MaxConnections = 5_000;

    private readonly ILogger _logger = loggers.CreateLogger<ApiServer>();
    private WebApplication? _app;
    private int _port;

    /// <summary>Where this machine's people ask it. Only while it runs.</summary>
    public Uri Address => _app is null ? throw new InvalidOperationException("The API is not started.") : AddressOf(_port);

    /// <exception cref="ApiAddressException">The port is taken, or not this user's to take.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_app is not null) return;
        // An empty builder: no configuration or environment variable of the agent's own may move this listener.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Grace);
        builder.Services.AddRouting();
        builder.Services.AddSingleton(authorization);
        // The core alone: what AddAuthentication brings for cookies would write keys below the user's home.
        builder.Services.AddAuthenticationCore(schemes => schemes.AddScheme<OwnerScheme>(OwnerScheme.Name, null));
        builder.Services.AddWebEncoders();
        builder.Services.AddTransient<OwnerScheme>();
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy(OwnerScheme.Name, policy => policy.AddAuthenticationSchemes(OwnerScheme.Name).RequireAuthenticatedUser());
        builder.Services.AddApiLimits(options);
        builder.Services.AddApiDescription();
        ListenOptions? here = null, ingress = null;
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MaxConcurrentUpgradedConnections = MaxConnections;
            kestrel.Limits.MinResponseDataRate = null; // a stream may be silent; what waits for its reader is bounded elsewhere
            kestrel.Listen(IPAddress.Loopback, options.Port, endpoint => here = Plain(endpoint));
            kestrel.Listen(IPAddress.Loopback, 0, endpoint =>
            {
                ingress = Plain(endpoint);
                Outside.Mark(endpoint);
            });
        });
        WebApplication app = builder.Build();
        Compose(app);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await app.DisposeAsync();
            throw new ApiAddressException(
                $"The node's API cannot listen on 127.0.0.1:{options.Port}: {exception.GetBaseException().Message}. "
                + "Stop what uses the port, or choose another one with --api-port.", exception);
        }
        _port = here!.IPEndPoint!.Port;
        _app = app;
        table.Add(options.HostName, AddressOf(ingress!.IPEndPoint!.Port), ExposureTable.NodeOwner);
        LogStarted(_logger, AddressOf(_port), options.HostName);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _app, null) is not { } app) return;
        table.RemoveJob(ExposureTable.NodeOwner);
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

    private void Compose(WebApplication app)
    {
        var faults = new ApiFaults(loggers.CreateLogger<ApiFaults>());
        app.Use(faults.InvokeAsync);
        app.UseRateLimiter();
        app.Use(RefuseWhileStartingAsync);
        app.Use(CorkedStream.LayAsync);
        app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = SocketDoor.PingInterval });
        app.Use(sockets.InvokeAsync);
        app.Use(ApiDescription.GuardAsync);
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapApiDescription();
        RouteGroupBuilder ofOwner = app.MapGroup("/job/{job}").RequireAuthorization(OwnerScheme.Name);
        foreach (IApiRoutes group in routes) group.Map(app, ofOwner);
        app.Map("/job/{job}", ApiFaults.NotFound).ExcludeFromDescription();
        // Whoever asks for what is not there below a job is asked first who he is, as on the official host.
        ofOwner.Map("/{**rest}", ApiFaults.NotFound).ExcludeFromDescription();
        app.MapFallback("/{**rest}", ApiFaults.NotFound).ExcludeFromDescription();
    }

    private Task RefuseWhileStartingAsync(HttpContext http, RequestDelegate next) =>
        lifetime.ApplicationStarted.IsCancellationRequested || !(http.WebSockets.IsWebSocketRequest || http.Request.Path.StartsWithSegments("/job"))
            ? next(http)
            : ApiReply.Text(StatusCodes.Status503ServiceUnavailable, "The host is still starting. Ask again later.").ExecuteAsync(http);

    private static ListenOptions Plain(ListenOptions endpoint)
    {
        endpoint.Protocols = HttpProtocols.Http1;
        return endpoint;
    }

    private static Uri AddressOf(int port) => new UriBuilder(Uri.UriSchemeHttp, IPAddress.Loopback.ToString(), port).Uri;

    /// <summary>The default one would listen for Ctrl-C and SIGTERM itself.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    [LoggerMessage(6201, LogLevel.Information, "The node's API is at {Address}, and through the ingress at {Name}")]
    private static partial void LogStarted(ILogger logger, Uri address, string name);
}

/// <summary>The API cannot listen where it should; the message says why and what to do.</summary>
internal sealed class ApiAddressException(string message, Exception inner) : IOException(message, inner);
