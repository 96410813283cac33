using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Engine.Images;
using Nosana.Node.Retries;

namespace Nosana.Node.Engine.Registry;

/// <summary>One request to a registry or its token service.</summary>
/// <param name="Image">What is pulled.</param>
/// <param name="Url">First address.</param>
/// <param name="IsNamed">Whether the registry is one that the operator named.</param>
internal sealed record RegistryRequest(ImageReference Image, Uri Url, bool IsNamed)
{
    /// <summary>For the first address alone.</summary>
    public AuthenticationHeaderValue? Authorization { get; init; }

    public IReadOnlyList<string> Accept { get; init; } = [];

    /// <summary>First byte; 0 is the whole.</summary>
    public long From { get; init; }

    /// <summary>What is posted, to the first address alone; null asks without.</summary>
    public IReadOnlyDictionary<string, string>? Form { get; init; }
}

/// <summary>
/// Requests to registries: at every step of the way to public addresses alone, unless the operator named the registry, and with an account or a
/// token for the host that it is for alone. Without a proxy: the address that is looked at is the one that is connected to.
/// </summary>
/// <param name="connect">To registries that the operator did not name: <see cref="AddressPolicy.ConnectAsync"/>.</param>
/// <param name="options">How long an answer may take.</param>
/// <param name="time">Clock of the limits.</param>
/// <param name="certificates">Which certificates are valid; null leaves that to the system.</param>
internal sealed class RegistryHttp(
    Func<DnsEndPoint, CancellationToken, ValueTask<Stream>> connect, RegistryOptions options, TimeProvider time,
    RemoteCertificateValidationCallback? certificates = null)
    : IDisposable
{
    private const int MaxRedirects = 5;

    private readonly HttpClient _guarded = Client(new SocketsHttpHandler
    {
        ConnectCallback = (context, cancel) => connect(context.DnsEndPoint, cancel),
        SslOptions = { RemoteCertificateValidationCallback = certificates },
    }, time);
    private readonly HttpClient _trusted = Client(new SocketsHttpHandler(), time);

    public TimeProvider Time => time;

    public TimeSpan Silence => options.Silence;

    /// <summary>The answer, whatever its status, once its headers are here and after redirects. Dispose it.</summary>
    /// <exception cref="EngineException">There is none.</exception>
    public async Task<HttpResponseMessage> SendAsync(RegistryRequest request, CancellationToken cancellationToken)
    {
        Uri url = request.Url;
        for (int redirects = 0; ; redirects++)
        {
            HttpResponseMessage response = await OnceAsync(request, url, cancellationToken);
            if (!IsRedirect(response.StatusCode) || response.Headers.Location is not { } location) return response;
            response.Dispose();
            if (redirects == MaxRedirects) throw RegistryFault.Refused(request.Image, $"{request.Url.Authority} redirects more than {MaxRedirects} times");
            Uri next = Follow(request, url, location);
            url = next;
        }
    }

    /// <summary>Reads an answer of which there may be so much and no more, in the time for documents.</summary>
    /// <exception cref="EngineException">It is longer, or does not come to its end.</exception>
    public async Task<byte[]> ReadAsync(RegistryRequest request, HttpResponseMessage response, int most, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(options.DocumentTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            if (response.Content.Headers.ContentLength > most) throw TooLong();
            await using Stream stream = await response.Content.ReadAsStreamAsync(either.Token);
            using var read = new MemoryStream();
            byte[] buffer = new byte[16 * 1024];
            while (await stream.ReadAsync(buffer, either.Token) is > 0 and var count)
            {
                if (read.Length + count > most) throw TooLong();
                read.Write(buffer, 0, count);
            }
            return read.ToArray();
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw RegistryFault.Unavailable(request.Image, request.Url.Authority, $"takes more than {options.DocumentTime} for a document", exception);
        }
        catch (Exception exception) when (RegistryFault.Of(request.Image, request.Url.Authority, exception) is { } fault)
        {
            throw fault;
        }

        EngineException TooLong() =>
            RegistryFault.Refused(request.Image, $"{request.Url.Authority} sends a document of more than {most} bytes where less is enough");
    }

    public void Dispose()
    {
        _guarded.Dispose();
        _trusted.Dispose();
    }

    private async Task<HttpResponseMessage> OnceAsync(RegistryRequest request, Uri url, CancellationToken cancellationToken)
    {
        bool isFirst = Uri.Compare(url, request.Url, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
        using var message = new HttpRequestMessage(HttpMethod.Get, url);
        if (isFirst) message.Headers.Authorization = request.Authorization;
        if (isFirst && request.Form is { } form) (message.Method, message.Content) = (HttpMethod.Post, new FormUrlEncodedContent(form));
        foreach (string type in request.Accept) message.Headers.TryAddWithoutValidation("Accept", type);
        message.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (request.From > 0) message.Headers.Range = new RangeHeaderValue(request.From, null);
        using var silent = new CancellationTokenSource(options.Silence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silent.Token);
        try
        {
            return await (request.IsNamed ? _trusted : _guarded).SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw RegistryFault.Unavailable(request.Image, url.Authority, $"has not answered for {options.Silence}", exception);
        }
        catch (Exception exception) when (RegistryFault.Of(request.Image, url.Authority, exception) is { } fault)
        {
            throw fault;
        }
    }

    private static Uri Follow(RegistryRequest request, Uri url, Uri location)
    {
        var next = new Uri(url, location);
        if (next.Scheme == Uri.UriSchemeHttps || request.IsNamed && next.Scheme == Uri.UriSchemeHttp) return next;
        throw RegistryFault.Refused(request.Image, $"{url.Authority} redirects to an address that is not of https, which is not followed");
    }

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
        or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static HttpClient Client(SocketsHttpHandler handler, TimeProvider time)
    {
        handler.AllowAutoRedirect = false;
        handler.UseProxy = false;
        handler.UseCookies = false;
        handler.AutomaticDecompression = DecompressionMethods.None;
        handler.ConnectTimeout = TimeSpan.FromSeconds(30);
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(10);
        handler.MaxResponseDrainSize = 0;
        var client = new HttpClient(new RetryAfterHandler(handler, time)) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("nosana-node");
        return client;
    }
}
