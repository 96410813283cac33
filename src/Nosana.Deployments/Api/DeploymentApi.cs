using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Nosana.Deployments.Api.Authorization;
using Nosana.Deployments.Api.Reading;
using Nosana.Deployments.Api.Routes;
using Nosana.Deployments.Api.Streaming;
using Nosana.Deployments.Store;
using Nosana.Deployments.Vaults;

namespace Nosana.Deployments.Api;

/// <summary>
/// The HTTP API of deployments: a Kestrel of its own. It writes down what is wished and reads what is known; whoever reconciles makes it true. Every route is
/// there with <c>/api</c> before it, for the clients of both generations.
/// </summary>
public sealed partial class DeploymentApi(
    DeploymentApiOptions options, DeploymentStore store, VaultKeeper vaults, IApiChain chain, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    private const int MaxConnections = 10_000;

    /// <summary>What requests under way get when it ends.</summary>
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5);

    private static readonly string[] s_prefixes = ["", "/api"];

    private readonly ILogger _logger = loggers.CreateLogger<DeploymentApi>();
    private WebApplication? _app;
    private Uri? _address;

    /// <summary>Where it is asked. Only while it runs.</summary>
    public Uri Address => _address ?? throw new InvalidOperationException("The API is not started.");

    /// <exception cref="IOException">The address cannot be listened on; the sentence says why.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_app is not null) return;
        // An empty builder: no configuration or environment variable of the process may move this listener.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_grace);
        builder.Services.Configure<JsonOptions>(json => ApiJson.Configure(json.SerializerOptions));
        builder.Services.AddRouting();
        builder.Services.AddApiDescription();
        AddParts(builder.Services);
        ListenOptions? listen = null;
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = JsonBody.MaxBytes;
            kestrel.Limits.MaxConcurrentConnections = MaxConnections;
            kestrel.Limits.MinResponseDataRate = null; // a stream may be silent
            kestrel.Listen(options.Address, endpoint =>
            {
                endpoint.Protocols = HttpProtocols.Http1;
                listen = endpoint;
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
            throw new IOException($"The deployments API cannot listen on {options.Address}: {exception.GetBaseException().Message}.", exception);
        }
        _app = app;
        IPEndPoint bound = listen!.IPEndPoint!;
        IPAddress host = bound.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : bound.Address;
        _address = new UriBuilder(Uri.UriSchemeHttp, host.ToString(), bound.Port).Uri;
        LogStarted(_logger, _address);
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
        _address = null;
    }

    public async ValueTask DisposeAsync() => await StopAsync(new CancellationToken(canceled: true));

    private void AddParts(IServiceCollection services)
    {
        // What is made here and not by the container is not its to dispose of.
        services.AddSingleton(options).AddSingleton(store).AddSingleton(vaults).AddSingleton(chain).AddSingleton(time);
        services.AddSingleton<ApiFaults>().AddSingleton<ApiLimits>();
        services.AddSingleton<UserAuthorization>().AddSingleton<HostAuthorization>().AddSingleton<CallerFilter>();
        services.AddSingleton<EndpointTable>().AddSingleton<DeploymentEditor>().AddSingleton<StreamHub>();
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton<IApiRoutes, HealthRoutes>();
        services.AddSingleton<IApiRoutes, CreateRoute>();
        services.AddSingleton<IApiRoutes, DeploymentRoutes>();
        services.AddSingleton<IApiRoutes, ChangeRoutes>();
        services.AddSingleton<IApiRoutes, RevisionRoutes>();
        services.AddSingleton<IApiRoutes, JobRoutes>();
        services.AddSingleton<IApiRoutes, StreamRoute>();
        services.AddSingleton<IApiRoutes, VaultRoutes>();
        services.AddSingleton<IApiRoutes, HostRoutes>();
        services.AddSingleton<IApiRoutes, SshKeyRoutes>();
        services.AddSingleton<IApiRoutes, ApiKeyRoutes>();
    }

    private static void Compose(WebApplication app)
    {
        app.Use(app.Services.GetRequiredService<ApiFaults>().InvokeAsync);
        app.Use(app.Services.GetRequiredService<ApiLimits>().GuardAsync);
        app.UseRouting();
        app.MapApiDescription();
        CallerFilter filter = app.Services.GetRequiredService<CallerFilter>();
        IApiRoutes[] groups = [.. app.Services.GetServices<IApiRoutes>()];
        foreach (string prefix in s_prefixes)
        {
            RouteGroupBuilder open = app.MapGroup(prefix), ofUser = app.MapGroup(prefix).AddEndpointFilter(filter);
            if (prefix.Length > 0)
            {
                // The same again: one description, and one name, is enough.
                foreach (RouteGroupBuilder again in (RouteGroupBuilder[])[open, ofUser])
                {
                    again.ExcludeFromDescription();
                    ((IEndpointConventionBuilder)again).Finally(endpoint =>
                    {
                        foreach (object name in endpoint.Metadata.Where(one => one is IEndpointNameMetadata or IRouteNameMetadata).ToArray())
                            endpoint.Metadata.Remove(name);
                    });
                }
            }
            foreach (IApiRoutes group in groups) group.Map(open, ofUser);
        }
        app.MapFallback("/{**rest}", ApiReply.NotFound).ExcludeFromDescription();
    }

    /// <summary>The default one would listen for Ctrl-C and SIGTERM itself.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    [LoggerMessage(8301, LogLevel.Information, "The deployments API is at {Address}")]
    private static partial void LogStarted(ILogger logger, Uri address);
}
