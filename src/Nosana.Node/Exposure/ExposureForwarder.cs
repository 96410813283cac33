using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;
using Nosana.Node.Exposure.Forwarding;
using Yarp.ReverseProxy.Forwarder;

namespace Nosana.Node.Exposure;

/// <summary>
/// Answers one request: finds the container by the Host header, or by path for a person on this machine, and lets YARP carry the request there and the
/// response back.
/// </summary>
internal sealed partial class ExposureForwarder : IDisposable
{
    /// <summary>Where Kestrel leaves a length that stood beside a Transfer-Encoding.</summary>
    private const string SecondLength = "X-Content-Length";

    private readonly ExposureTable _table;
    private readonly IHttpForwarder _forwarder;
    private readonly TrustedPeers _trusted;
    private readonly AccessLog _log;
    private readonly TimeProvider _time;
    private readonly ILogger<ExposureForwarder> _logger;
    private readonly ExposureOptions _options;
    private readonly HttpMessageInvoker _client;
    private readonly ForwarderRequestConfig _http1, _http2;

    public ExposureForwarder(
        ExposureTable table, IHttpForwarder forwarder, TrustedPeers trusted, AccessLog log, TimeProvider time, IOptions<ExposureOptions> options,
        ILogger<ExposureForwarder> logger)
    {
        _table = table;
        _forwarder = forwarder;
        _trusted = trusted;
        _log = log;
        _time = time;
        _logger = logger;
        _options = options.Value;
        _http1 = new ForwarderRequestConfig
        {
            ActivityTimeout = _options.ActivityTimeout,
            AllowResponseBuffering = false,
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        _http2 = _http1 with { Version = HttpVersion.Version20 };
        _client = new HttpMessageInvoker(ContainerClient.Create(_options.ConnectTimeout));
    }

    public async Task InvokeAsync(HttpContext context)
    {
        string raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!_log.IsOn)
        {
            await AnswerAsync(context, raw).ConfigureAwait(false);
            return;
        }
        long began = _time.GetTimestamp();
        try
        {
            await AnswerAsync(context, raw).ConfigureAwait(false);
        }
        finally
        {
            _log.Write(context, raw, began);
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task AnswerAsync(HttpContext context, string raw)
    {
        HttpRequest request = context.Request;
        string host = request.Host.Host;
        // CONNECT of HTTP/2 with a protocol is a WebSocket (RFC 8441); any other asks for a tunnel.
        bool isTunnel = HttpMethods.IsConnect(request.Method) && context.Features.Get<IHttpExtendedConnectFeature>() is not { IsExtendedConnect: true };
        if (isTunnel || RequestTarget.OriginForm(raw) is not { } target)
        {
            await (isTunnel ? ExposureProblem.NoTunnel : ExposureProblem.NoPath).WriteAsync(context).ConfigureAwait(false);
            return;
        }
        if (request.Headers.TransferEncoding.Count > 0 && request.Headers.ContainsKey(SecondLength))
        {
            await ExposureProblem.TwoLengths.WriteAsync(context).ConfigureAwait(false);
            return;
        }
        string? cut = null;
        if (RequestTarget.TryReadLocal(host, context.Connection.RemoteIpAddress, target, out string id, out string rest))
        {
            (host, target, cut) = ($"{id}.{_options.Domain}", rest, RequestTarget.LocalPrefix + id);
        }
        if (_table.Find(host) is not { } name)
        {
            await (_table.IsGone(host) ? ExposureProblem.Gone(host) : ExposureProblem.UnknownName(host)).WriteAsync(context).ConfigureAwait(false);
            return;
        }
        if (name.Destination is null)
        {
            await ExposureProblem.Starting(name.HostName).WriteAsync(context).ConfigureAwait(false);
            return;
        }
        RouteAdmission admission = name.Load.TryEnter(_options.Limits, _time);
        if (admission != RouteAdmission.Admitted)
        {
            await ExposureProblem.Refused(name.HostName, admission, _options.Limits).WriteAsync(context).ConfigureAwait(false);
            return;
        }
        try
        {
            if (_options.Limits.BodyBytes is not { } most || await IsShortEnoughAsync(context, most).ConfigureAwait(false))
                await ForwardAsync(context, name, target, cut).ConfigureAwait(false);
        }
        finally
        {
            name.Load.Leave();
        }
    }

    private static async ValueTask<bool> IsShortEnoughAsync(HttpContext context, long most)
    {
        if (context.Request.ContentLength > most)
        {
            await ExposureProblem.TooLong(most).WriteAsync(context).ConfigureAwait(false);
            return false;
        }
        // One that says no length is counted as it comes.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } body) body.MaxRequestBodySize = most;
        return true;
    }

    private async Task ForwardAsync(HttpContext context, ExposedName name, string target, string? cut)
    {
        var transformer = new ExactTransformer(name, target, _trusted.Has(context.Connection.RemoteIpAddress), cut);
        ForwarderRequestConfig config = IsGrpc(context.Request) ? _http2 : _http1;
        ForwarderError error = await _forwarder.SendAsync(context, name.Prefix, _client, config, transformer, name.Removed).ConfigureAwait(false);
        if (error == ForwarderError.None) return;
        Exception? exception = context.Features.Get<IForwarderErrorFeature>()?.Exception;
        if (!context.RequestAborted.IsCancellationRequested) LogFailed(_logger, name.HostName, name.Prefix, error, exception);
        bool isRefused = IsNotListening(exception);
        if (isRefused) name.ReportUnreachable();
        if (context.Response.HasStarted)
        {
            // The client must not take half a response for a whole one.
            context.Abort();
            return;
        }
        ExposureProblem problem = name.Removed.IsCancellationRequested ? Ended(name.HostName)
            : error == ForwarderError.RequestCreation ? ExposureProblem.NotCarried
            : error == ForwarderError.RequestBodyClient ? ExposureProblem.BadBody(context.Response.StatusCode, _options.Limits.BodyBytes)
            : isRefused ? ExposureProblem.NotListening(name)
            : error is ForwarderError.RequestTimedOut or ForwarderError.UpgradeActivityTimeout ? ExposureProblem.TimedOut(name)
            : ExposureProblem.Failed(name);
        await problem.WriteAsync(context).ConfigureAwait(false);
    }

    // Taken away under the request: the job has ended, or the container has moved and is found again by the next request.
    private ExposureProblem Ended(string hostName) => _table.Find(hostName) is null ? ExposureProblem.Gone(hostName) : ExposureProblem.Starting(hostName);

    /// <summary>gRPC is spoken over HTTP/2 alone, so that a container that is asked for it speaks that; everything else speaks HTTP/1.1.</summary>
    private static bool IsGrpc(HttpRequest request)
    {
        const string Grpc = "application/grpc";
        return HttpProtocol.IsHttp2(request.Protocol) && request.ContentType is { } type && type.StartsWith(Grpc, StringComparison.OrdinalIgnoreCase)
            && (type.Length == Grpc.Length || type[Grpc.Length] is '+' or ';');
    }

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
    private static partial void LogFailed(ILogger logger, string hostName, string destination, ForwarderError error, Exception? exception);
}
