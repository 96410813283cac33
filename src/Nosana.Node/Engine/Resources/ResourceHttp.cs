using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Retries;

namespace Nosana.Node.Engine.Resources;

/// <summary>
/// Requests to sources. A token goes to the host that it is for and is left out where a redirect leads elsewhere; a place that the operator did not
/// name must be on the public internet, at every step of the way.
/// </summary>
internal sealed class ResourceHttp(ResourceOptions options, AddressPolicy policy, TimeProvider? time = null) : IDisposable
{
    private const int MaxRedirects = 8;

    // No proxy of the environment: the guard looks at the address that is really connected to.
    private readonly HttpClient _guarded = Client(new SocketsHttpHandler
    {
        ConnectCallback = (context, cancel) => policy.ConnectAsync(context.DnsEndPoint, cancel),
    }, time);
    private readonly HttpClient _trusted = Client(new SocketsHttpHandler(), time);
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>Places that the operator named: one of them may redirect to another.</summary>
    private readonly HashSet<string> _named = new(
        options.Mirrors.Select(mirror => new Uri(mirror.Url)).Append(options.HuggingFace).Append(options.Ollama)
            .Select(url => url.GetLeftPart(UriPartial.Authority)), StringComparer.OrdinalIgnoreCase);

    /// <summary>The answer once its headers are here; the content is still to be read. Dispose it.</summary>
    /// <exception cref="ResourceException">Any status but success.</exception>
    public async Task<HttpResponseMessage> SendAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        HttpResponseMessage response = await AskAsync(request, cancellationToken);
        if (response.IsSuccessStatusCode) return response;
        using (response) throw Fault(request, response.StatusCode);
    }

    /// <summary>The answer whatever its status.</summary>
    public async Task<HttpResponseMessage> AskAsync(RemoteRequest request, CancellationToken cancellationToken)
    {
        Uri url = request.Url;
        for (int redirects = 0; ; redirects++)
        {
            bool ownHost = Uri.Compare(url, request.Url, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
            HttpResponseMessage response = await OnceAsync(request, url, ownHost, cancellationToken);
            if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect)
                || response.Headers.Location is not { } location)
                return response;
            response.Dispose();
            var next = new Uri(url, location);
            if (redirects == MaxRedirects)
                throw new ResourceException(ResourceFault.Unavailable, $"{request.Source}: {request.Shown} redirects more than {MaxRedirects} times.");
            if (next.Scheme is not ("http" or "https") || (url.Scheme == Uri.UriSchemeHttps && next.Scheme == Uri.UriSchemeHttp))
                throw new ResourceException(ResourceFault.Invalid,
                    $"{request.Source}: {request.Shown} redirects to {next.Scheme}://{next.Host}, which is not followed. Name the file's final address.");
            url = next;
        }
    }

    /// <summary>The content of an answer that is no file, whole. A stranger's source may send anything, so none is read past a limit.</summary>
    /// <param name="limit">Most bytes.</param>
    /// <exception cref="ResourceException">
    /// <see cref="ResourceFault.Corrupt"/>: it is longer; <see cref="ResourceFault.Unavailable"/>: it broke off.
    /// </exception>
    public async Task<byte[]> ReadAsync(HttpResponseMessage response, RemoteRequest request, int limit, CancellationToken cancellationToken)
    {
        using var stalled = new CancellationTokenSource(options.Inactivity, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stalled.Token);
        try
        {
            await using Stream content = await response.Content.ReadAsStreamAsync(either.Token);
            using var whole = new MemoryStream();
            byte[] buffer = new byte[64 << 10];
            int read;
            while ((read = await content.ReadAsync(buffer, either.Token)) > 0)
            {
                if (whole.Length + read > limit)
                    throw new ResourceException(ResourceFault.Corrupt,
                        $"{request.Source}: the answer of {request.Shown} is longer than {limit} bytes. The source is at fault.");
                whole.Write(buffer, 0, read);
                stalled.CancelAfter(options.Inactivity);
            }
            return whole.ToArray();
        }
        catch (OperationCanceledException exception) when (stalled.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Silent(request, exception);
        }
        catch (Exception exception) when (exception is not ResourceException && Fault(request.Source, request.Shown, exception) is { } fault)
        {
            throw fault;
        }
    }

    public void Dispose()
    {
        _guarded.Dispose();
        _trusted.Dispose();
    }

    /// <summary>What a status that is not a success means.</summary>
    public static ResourceException Fault(RemoteRequest request, HttpStatusCode status, string? code = null)
    {
        string said = $"{request.Source}: {request.Shown} answers {(int)status}{(code is null ? "" : $" ({code})")}";
        return status switch
        {
            HttpStatusCode.NotFound or HttpStatusCode.Gone => new(ResourceFault.NotFound, $"{said}: it does not exist. Check the name in the definition."),
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                new(ResourceFault.Denied, $"{said}: it may not be read. Check the name, and give credentials that may read it, or make it public."),
            HttpStatusCode.PreconditionFailed => new(ResourceFault.Corrupt,
                $"{said}: the file was changed while it was fetched. Run the job again when it stays as it is."),
            HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError =>
                new(ResourceFault.Unavailable, $"{said}: the source is at fault; another try may help."),
            _ => new(ResourceFault.Invalid, $"{said}. Check the address in the definition."),
        };
    }

    /// <summary>What an exception of the network means; null when it is not one.</summary>
    public static ResourceException? Fault(string source, string shown, Exception exception)
    {
        for (Exception? inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is AddressRefusedException refused)
                return new ResourceException(ResourceFault.Invalid, $"{source}: {refused.Message}. Put the files where everybody can reach them; "
                    + "the host's operator may name a mirror (--mirror).", exception);
            if (inner is ResourceException known)
                return known.Message.StartsWith(source, StringComparison.Ordinal)
                    ? known
                    : new ResourceException(known.Fault, $"{source}: {known.Message}", exception);
        }
        return exception is HttpRequestException or IOException or SocketException
            ? new ResourceException(ResourceFault.Unavailable,
                $"{source}: {shown} cannot be read: {ResourcePath.Printable(exception.Message.TrimEnd('.'))}. The source or the way to it is at fault; "
                    + "another try may help.", exception)
            : null;
    }

    private async Task<HttpResponseMessage> OnceAsync(RemoteRequest request, Uri url, bool ownHost, CancellationToken cancellationToken)
    {
        using var message = new HttpRequestMessage(request.Method, url);
        if (ownHost && request.BearerToken is { Length: > 0 } token) message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (request.Accept is { } accept) message.Headers.TryAddWithoutValidation("Accept", accept);
        // A compressed answer would have other bytes than those that were announced.
        message.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        if (request.From is { } from) message.Headers.Range = new RangeHeaderValue(from, request.To);
        if (request.IfMatch is { } tag) message.Headers.TryAddWithoutValidation("If-Match", tag);
        using var stalled = new CancellationTokenSource(options.Inactivity, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stalled.Token);
        try
        {
            bool trusted = request.Trusted && (ownHost || _named.Contains(url.GetLeftPart(UriPartial.Authority)));
            return await (trusted ? _trusted : _guarded).SendAsync(message, HttpCompletionOption.ResponseHeadersRead, either.Token);
        }
        catch (OperationCanceledException exception) when (stalled.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw Silent(request, exception);
        }
        catch (Exception exception) when (Fault(request.Source, request.Shown, exception) is { } fault)
        {
            throw fault;
        }
    }

    private ResourceException Silent(RemoteRequest request, Exception exception) => new(ResourceFault.Unavailable,
        $"{request.Source}: {request.Shown} has not answered for {options.Inactivity}. The source or the way to it is at fault; "
            + "another try may help.", exception);

    private static HttpClient Client(SocketsHttpHandler handler, TimeProvider? time)
    {
        handler.AllowAutoRedirect = false;
        handler.UseProxy = false;
        handler.UseCookies = false;
        handler.AutomaticDecompression = DecompressionMethods.None;
        handler.ConnectTimeout = TimeSpan.FromSeconds(30);
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(10);
        var client = new HttpClient(new RetryAfterHandler(handler, time ?? TimeProvider.System)) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.ParseAdd("nosana-node");
        return client;
    }
}
