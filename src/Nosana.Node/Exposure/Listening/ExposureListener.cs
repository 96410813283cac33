using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace Nosana.Node.Exposure.Listening;

/// <summary>One address at which clients are served: a Kestrel of its own, so that it can come and go while the others stay.</summary>
internal sealed class ExposureListener : IAsyncDisposable
{
    /// <summary>What requests under way get when the agent stops.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    /// <summary>Bytes of a request's target; 8 KiB are Kestrel's own, and links with state in them are longer.</summary>
    public const int LongestTarget = 32 * 1024;

    /// <summary>Bytes of a method and a version, with their spaces.</summary>
    private const int RestOfLine = 256;

    /// <summary>Bytes of all headers of a request.</summary>
    private const int LongestHeaders = 64 * 1024;

    /// <summary>
    /// Bytes of a response that wait for a slow client: several of what is read from a container at once, so that reading and writing go side by side.
    /// </summary>
    private const int WaitingResponse = 512 * 1024;

    /// <summary>A client that has vanished is noticed after 60 s of silence and four questions 15 s apart, however long its stream may be silent.</summary>
    private const int KeepAliveTime = 60, KeepAliveInterval = 15, KeepAliveProbes = 4;

    /// <summary>By this Kestrel takes no line that ends without a carriage return: whoever stands before it may not take it for an end.</summary>
    private const string NoBareLineFeeds = "Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators";

    private readonly WebApplication _app;
    private readonly ListenOptions _bound;

    static ExposureListener() => AppContext.SetSwitch(NoBareLineFeeds, true);

    private ExposureListener(WebApplication app, ListenOptions bound) => (_app, _bound) = (app, bound);

    /// <summary>Where it listens, the port filled in.</summary>
    public IPEndPoint EndPoint => _bound.IPEndPoint!;

    /// <param name="listen">Port 0 takes a free one.</param>
    /// <param name="certificate">Null without TLS.</param>
    /// <param name="answer">Answers each request.</param>
    /// <param name="start">Looks at each connection.</param>
    /// <param name="options">Limits.</param>
    /// <param name="loggers">The agent's log.</param>
    /// <param name="cancellationToken">Ends the starting.</param>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public static async Task<ExposureListener> StartAsync(
        IPEndPoint listen, TlsCertificate? certificate, RequestDelegate answer, ConnectionStart start, ExposureOptions options, ILoggerFactory loggers,
        CancellationToken cancellationToken)
    {
        // An empty builder: no configuration or environment variable of the agent's own may move this listener.
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<ILoggerFactory>(new QuietLoggers(loggers));
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = Grace);
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = Bind);
        ListenOptions? bound = null;
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            Limit(kestrel, options);
            if (certificate is null)
            {
                ConnectionDelegate? http2 = null;
                kestrel.Listen(new InnerEndPoint(), inner =>
                {
                    inner.Protocols = HttpProtocols.Http2;
                    inner.Use(next => http2 = next);
                });
                kestrel.Listen(listen, endpoint =>
                {
                    endpoint.Protocols = HttpProtocols.Http1;
                    endpoint.Use(next => new ConnectionDelegate(start.Plain(next, () => http2!)));
                    bound = endpoint;
                });
            }
            else
            {
                kestrel.Listen(listen, endpoint =>
                {
                    endpoint.Protocols = HttpProtocols.Http1AndHttp2;
                    endpoint.Use(next => new ConnectionDelegate(start.BeforeTls(next)));
                    endpoint.UseHttps(Tls(certificate));
                    bound = endpoint;
                });
            }
        });
        builder.Services.AddSingleton<IConnectionListenerFactory, InnerTransport>();
        WebApplication app = builder.Build();
        app.Run(answer);
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            await app.DisposeAsync().ConfigureAwait(false);
            if (exception is SocketException) throw new IOException(exception.Message, exception);
            throw;
        }
        return new ExposureListener(app, bound!);
    }

    /// <summary>
    /// Closes it. Requests under way have <see cref="Grace"/>, then they are cut: a WebSocket may stay open for days and must not hold up the agent's end.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _app.StopAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The grace is over; disposing cuts what is left.
        }
        await DisposeAsync().ConfigureAwait(false);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Limit(KestrelServerOptions kestrel, ExposureOptions options)
    {
        kestrel.AddServerHeader = false;
        kestrel.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        kestrel.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        KestrelServerLimits limits = kestrel.Limits;
        limits.MaxConcurrentConnections = options.MostConnections;
        limits.MaxConcurrentUpgradedConnections = null;
        limits.RequestHeadersTimeout = options.HeadersTimeout;
        limits.MaxRequestLineSize = LongestTarget + RestOfLine;
        limits.MaxRequestHeadersTotalSize = LongestHeaders;
        limits.Http2.MaxRequestHeaderFieldSize = LongestTarget + RestOfLine;
        limits.MaxRequestBodySize = null;
        limits.MaxResponseBufferSize = WaitingResponse;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;
    }

    private static TlsHandshakeCallbackOptions Tls(TlsCertificate certificate) => new()
    {
        OnConnection = _ => new(new SslServerAuthenticationOptions
        {
            ServerCertificateContext = certificate.Current(),
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
        }),
    };

    private static Socket Bind(EndPoint endpoint)
    {
        Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        // Accepted sockets have what their listener has.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveTime);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveInterval);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveProbes);
        return socket;
    }

    /// <summary>The default one would listen for Ctrl-C and SIGTERM itself and close the ingress before the agent has decided anything.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
