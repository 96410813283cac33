using System.Net;
using Microsoft.Extensions.Options;
using Nosana.Node.Exposure.Listening;

namespace Nosana.Node.Exposure;

/// <summary>
/// The listeners of tenants' traffic, beside the node's API, so that neither's limits, routes or middleware reach the other: one on loopback, one with TLS
/// where the operator wants it, and those that parts of the agent ask for. Started and stopped with the host.
/// </summary>
internal sealed partial class ExposureServer(
    ExposureForwarder forwarder, TrustedPeers trusted, TimeProvider time, IOptions<ExposureOptions> options, ILoggerFactory loggers)
    : IHostedService, IAsyncDisposable
{
    /// <inheritdoc cref="ExposureListener.Grace"/>
    public static readonly TimeSpan Grace = ExposureListener.Grace;

    private readonly ILogger _logger = loggers.CreateLogger<ExposureServer>();
    private readonly ConnectionStart _start = new(trusted, options.Value.HeadersTimeout, time);
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly Dictionary<IPEndPoint, ExposureListener> _more = [];
    private ExposureListener? _plain, _tls;

    /// <summary>Where it listens, the port filled in. Only while it runs.</summary>
    public Uri Address => _plain is { } listener
        ? new Uri($"http://{listener.EndPoint}")
        : throw new InvalidOperationException("The ingress of exposed ports is not started.");

    /// <summary>Where it listens with TLS; null where it does not.</summary>
    public IPEndPoint? TlsEndPoint => _tls?.EndPoint;

    /// <summary>The address a client on this machine uses for a name: the name itself, with the listener's port.</summary>
    public Uri UrlOf(string hostName) => new UriBuilder(Uri.UriSchemeHttp, hostName, Address.Port).Uri;

    /// <exception cref="ExposureAddressException">
    /// An address is taken, not this machine's, or not this user's to take; or a certificate cannot be used.
    /// </exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ExposureOptions given = options.Value;
        TlsCertificate? certificate = null;
        if (given is { ListenTls: not null, Certificate: { } file, CertificateKey: { } key })
        {
            certificate = new TlsCertificate(file, key, time, loggers.CreateLogger<TlsCertificate>());
            try
            {
                certificate.Load();
            }
            catch (IOException exception)
            {
                throw new ExposureAddressException($"The ingress of exposed ports has no certificate: {exception.Message}", exception);
            }
        }
        _plain = await ListenAsync(given.Listen, null, "--expose-port", cancellationToken).ConfigureAwait(false);
        LogStarted(_logger, Address.GetLeftPart(UriPartial.Authority), given.Domain);
        if (certificate is null) return;
        try
        {
            _tls = await ListenAsync(given.ListenTls!, certificate, "--expose-tls", cancellationToken).ConfigureAwait(false);
        }
        catch (ExposureAddressException)
        {
            await StopAsync(CancellationToken.None).ConfigureAwait(false);
            throw;
        }
        LogStarted(_logger, $"https://{_tls.EndPoint}", given.Domain);
    }

    /// <summary>
    /// Listens on one more address without TLS, from now on until <see cref="CloseAsync"/> or the agent's end. What is listened on already stays as it is.
    /// </summary>
    /// <param name="endpoint">Port 0 takes a free one.</param>
    /// <param name="cancellationToken">Ends the starting.</param>
    /// <returns>Where it listens, the port filled in.</returns>
    /// <exception cref="ExposureAddressException">The address is taken, or not this machine's.</exception>
    public async Task<IPEndPoint> ListenAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_more.TryGetValue(endpoint, out ExposureListener? there)) return there.EndPoint;
            ExposureListener listener = await ListenAsync(endpoint, null, null, cancellationToken).ConfigureAwait(false);
            _more[listener.EndPoint] = listener;
            LogStarted(_logger, $"http://{listener.EndPoint}", options.Value.Domain);
            return listener.EndPoint;
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Stops listening on an address that <see cref="ListenAsync(IPEndPoint, CancellationToken)"/> gave; another one is no error.</summary>
    public async Task CloseAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_more.Remove(endpoint, out ExposureListener? listener)) await listener.StopAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Closes all listeners; see <see cref="ExposureListener.StopAsync"/>.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(Taken().Select(listener => listener.StopAsync(cancellationToken)));

    public async ValueTask DisposeAsync()
    {
        foreach (ExposureListener listener in Taken()) await listener.DisposeAsync().ConfigureAwait(false);
        _changing.Dispose();
    }

    private List<ExposureListener> Taken()
    {
        List<ExposureListener> all = [.. _more.Values];
        _more.Clear();
        if (Interlocked.Exchange(ref _plain, null) is { } plain) all.Add(plain);
        if (Interlocked.Exchange(ref _tls, null) is { } tls) all.Add(tls);
        return all;
    }

    private async Task<ExposureListener> ListenAsync(IPEndPoint endpoint, TlsCertificate? certificate, string? option, CancellationToken cancellationToken)
    {
        try
        {
            return await ExposureListener.StartAsync(endpoint, certificate, forwarder.InvokeAsync, _start, options.Value, loggers, cancellationToken)
                .ConfigureAwait(false);
        }
        catch (IOException exception)
        {
            string advice = option is null ? "" : $" Stop what uses the port, or choose another one with {option}.";
            throw new ExposureAddressException(
                $"The ingress of exposed ports cannot listen on {endpoint}: {exception.GetBaseException().Message}.{advice}", exception);
        }
    }

    [LoggerMessage(5010, LogLevel.Information, "Exposed ports are reached through {Address} by their host names under {Domain}.")]
    private static partial void LogStarted(ILogger logger, string address, string domain);
}

/// <summary>The ingress cannot listen where it should; the message says why and what to do.</summary>
internal sealed class ExposureAddressException(string message, Exception inner) : IOException(message, inner);
