using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Nosana.Node.Exposure;

/// <summary>
/// The listener of tenants' traffic: a Kestrel of its own beside the node's API, so that neither's limits, routes or middleware reach the other.
/// Started and stopped with the host.
/// </summary>
internal sealed partial class ExposureServer(ExposureForwarder forwarder, IOptions<ExposureOptions> options, ILoggerFactory loggers)
    : IHostedService, IAsyncDisposable
{
    /// <summary>What requests under way get when the agent stops.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = loggers.CreateLogger<ExposureServer>();
    private WebApplication? _app;

    /// <summary>Where it listens, the port filled in. Only while it runs.</summary>
    public Uri Address => new(_app?.Urls.Single() ?? throw new InvalidOperationException("The ingress of exposed ports is not started."));

    /// <summary>The address a client on this machine uses for a name: the name itself, with the listener's port.</summary>
    public Uri UrlOf(string hostName) => new UriBuilder(Uri.UriSchemeHttp, hostName, Address.Port).Uri;

    /// <exception cref="ExposureAddressException">The address is taken, not this machine's, or not this user's to take.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        IPEndPoint listen = options.Value.Listen;
        // An empty builder: no configuration or environment variable of the agent's own may move this listener.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Grace);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MaxConcurrentUpgradedConnections = null;
            kestrel.Listen(listen, endpoint => endpoint.Protocols = HttpProtocols.Http1);
        });
        WebApplication app = builder.Build();
        app.Run(forwarder.InvokeAsync);
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            throw new ExposureAddressException(
                $"The ingress of exposed ports cannot listen on {listen}: {exception.GetBaseException().Message}. "
                + "Stop what uses the port, or choose another one with --expose-port.", exception);
        }
        _app = app;
        LogStarted(_logger, Address.GetLeftPart(UriPartial.Authority), options.Value.Domain);
    }

    /// <summary>
    /// Closes the listener. Requests under way have <see cref="Grace"/>, then they are cut: a WebSocket may stay open for days and must not hold up
    /// the agent's end.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _app, null) is not { } app) return;
        try
        {
            await app.StopAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The grace is over; disposing cuts what is left.
        }
        await app.DisposeAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _app, null) is { } app) await app.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The default one would listen for Ctrl-C and SIGTERM itself and close the ingress before the agent has decided anything.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    [LoggerMessage(5010, LogLevel.Information, "Exposed ports are reached through {Address} by their host names under {Domain}.")]
    private static partial void LogStarted(ILogger logger, string address, string domain);
}

/// <summary>The ingress cannot listen where it should; the message says why and what to do.</summary>
internal sealed class ExposureAddressException(string message, Exception inner) : IOException(message, inner);
