using System.Net;
using Nosana.Ipfs.UnixFs;

namespace Nosana.Ipfs.Http;

/// <summary>Reads content from gateways and believes none of them: what comes back has the digest that was asked for, or it is refused.</summary>
public sealed class IpfsGatewayClient
{
    /// <summary>The most a job definition may have, in bytes.</summary>
    public const long DefaultMaxBytes = 1024 * 1024;

    private readonly HttpClient _http;
    private readonly IpfsGatewayOptions _options;
    private readonly TimeProvider _time;
    private readonly Uri[] _gateways;

    /// <param name="http">Its own timeout should be infinite; the limits here are the options'.</param>
    /// <param name="options">At least one gateway.</param>
    /// <param name="time">The clock of timeouts and pauses; the system's when null.</param>
    public IpfsGatewayClient(HttpClient http, IpfsGatewayOptions options, TimeProvider? time = null)
    {
        if (options.Gateways.Count == 0) throw new ArgumentException("No IPFS gateway is configured; name at least one.", nameof(options));
        _http = http;
        _options = options;
        _time = time ?? TimeProvider.System;
        _gateways = [.. options.Gateways.Select(WithSlash)];
    }

    /// <summary>The content of <paramref name="cid"/>, verified.</summary>
    /// <param name="maxBytes">More than this is refused while reading.</param>
    /// <exception cref="IpfsContentMismatchException">Answered, but with other bytes.</exception>
    /// <exception cref="IpfsNotFoundException">No gateway has it.</exception>
    /// <exception cref="IpfsTooLargeException">Over <paramref name="maxBytes"/>.</exception>
    /// <exception cref="IpfsRejectedException">Every gateway refuses the request.</exception>
    /// <exception cref="IpfsUnavailableException">No gateway answered within <see cref="IpfsGatewayOptions.TotalTimeout"/>.</exception>
    public async Task<byte[]> FetchAsync(Cid cid, long maxBytes = DefaultMaxBytes, CancellationToken cancellationToken = default)
    {
        var fetch = new GatewayFetch(_http, _options, _time, cid, maxBytes);
        using var total = new CancellationTokenSource(_options.TotalTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, total.Token);
        List<Uri> asked = [.. _gateways];
        TimeSpan delay = _options.RetryDelay;
        try
        {
            for (int round = 1; ; round++)
            {
                foreach (Uri gateway in asked.ToArray())
                {
                    byte[]? content = await fetch.TryAsync(gateway, linked.Token).ConfigureAwait(false);
                    if (content is not null) return content;
                    if (fetch.IsFinal(gateway, round)) asked.Remove(gateway);
                }
                if (asked.Count == 0) throw fetch.Verdict();
                await Task.Delay(delay, _time, linked.Token).ConfigureAwait(false);
                delay = TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, _options.MaxRetryDelay.Ticks));
            }
        }
        catch (OperationCanceledException) when (total.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw fetch.TimedOut();
        }
    }

    /// <summary>Whether any gateway serves the content of <paramref name="cid"/>, true to its bytes, which are not kept; each is asked once.</summary>
    /// <param name="bytes">The content's length.</param>
    public async Task<bool> IsServedAsync(Cid cid, long bytes, CancellationToken cancellationToken = default)
    {
        foreach (Uri gateway in _gateways)
            if (await IsServedAsync(gateway, cid, bytes, cancellationToken).ConfigureAwait(false)) return true;
        return false;
    }

    private async Task<bool> IsServedAsync(Uri gateway, Cid cid, long bytes, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_options.RequestTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            using HttpResponseMessage response =
                await _http.GetAsync(new Uri(gateway.AbsoluteUri + cid), HttpCompletionOption.ResponseHeadersRead, linked.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode) return false;
            using Stream body = await response.Content.ReadAsStreamAsync(linked.Token).ConfigureAwait(false);
            var content = new UnixFsBuilder();
            var buffer = new byte[64 * 1024];
            long length = 0;
            for (int read; length <= bytes && (read = await body.ReadAsync(buffer, linked.Token).ConfigureAwait(false)) > 0; length += read)
                content.Append(buffer.AsSpan(0, read));
            return length == bytes && content.Finish() == cid;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private static Uri WithSlash(Uri gateway) =>
        gateway.AbsoluteUri.EndsWith('/') || gateway.Query.Length > 0 ? gateway : new Uri(gateway.AbsoluteUri + "/");

    internal static bool IsWorthRetrying(HttpStatusCode status) =>
        status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or (HttpStatusCode)425 || (int)status >= 500;
}
