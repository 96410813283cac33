using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace Nosana.Node.Exposure;

/// <summary>Answers one request: finds the container by the Host header and lets YARP carry the request there and the response back.</summary>
internal sealed partial class ExposureForwarder : IDisposable
{
    private readonly ExposureTable _table;
    private readonly IHttpForwarder _forwarder;
    private readonly ILogger<ExposureForwarder> _logger;
    private readonly HttpMessageInvoker _client;
    private readonly ForwarderRequestConfig _config;

    public ExposureForwarder(ExposureTable table, IHttpForwarder forwarder, IOptions<ExposureOptions> options, ILogger<ExposureForwarder> logger)
    {
        _table = table;
        _forwarder = forwarder;
        _logger = logger;
        _config = new ForwarderRequestConfig
        {
            ActivityTimeout = options.Value.ActivityTimeout,
            AllowResponseBuffering = false,
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        _client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
            ConnectTimeout = options.Value.ConnectTimeout,
        });
    }

    public async Task InvokeAsync(HttpContext context)
    {
        if (_table.Find(context.Request.Host.Host) is not { } name)
        {
            await ExposureProblem.UnknownName(context.Request.Host.Host).WriteAsync(context).ConfigureAwait(false);
            return;
        }
        string destination = name.Destination.GetLeftPart(UriPartial.Authority);
        ForwarderError error = await _forwarder.SendAsync(context, destination, _client, _config, ForwardedHeaders.Instance, name.Removed)
            .ConfigureAwait(false);
        if (error == ForwarderError.None) return;

        Exception? exception = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (!context.RequestAborted.IsCancellationRequested) LogFailed(_logger, name.HostName, name.Destination, error, exception);
        if (context.Response.HasStarted)
        {
            // The client must not take half a response for a whole one.
            context.Abort();
            return;
        }
        ExposureProblem problem = name.Removed.IsCancellationRequested ? ExposureProblem.UnknownName(name.HostName)
            : IsNotListening(exception) ? ExposureProblem.NotListening(name)
            : error is ForwarderError.RequestTimedOut or ForwarderError.UpgradeActivityTimeout ? ExposureProblem.TimedOut(name)
            : ExposureProblem.Failed(name);
        await problem.WriteAsync(context).ConfigureAwait(false);
    }

    public void Dispose() => _client.Dispose();

    private static bool IsNotListening(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            // The handler's own limit for connecting; the forwarder's for silence carries no such exception.
            if (exception is TimeoutException) return true;
            if (exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError }) return true;
            if (exception is SocketException
                {
                    SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.TimedOut,
                }) return true;
        }
        return false;
    }

    [LoggerMessage(5000, LogLevel.Debug, "A request for {HostName} to {Destination} ended with {Error}.")]
    private static partial void LogFailed(ILogger logger, string hostName, Uri destination, ForwarderError error, Exception? exception);
}
