using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;
using HeaderStringValues = System.Net.Http.Headers.HeaderStringValues;

namespace Nosana.Node.Exposure.Forwarding;

/// <summary>
/// One request and its answer, carried on as they are: the target as it was written, every header that is not for this hop alone, each byte of a value
/// as one character (Latin-1 on all four sides). The Host header stays the public name, because servers compare it with the browser's Origin. What is
/// added is who asked: the X-Forwarded headers, which nobody but a trusted peer can bring along.
/// </summary>
/// <param name="name">Whom the request is for.</param>
/// <param name="target">See <see cref="RequestTarget.OriginForm"/>.</param>
/// <param name="isTrusted">Whether the peer is believed when it says who it speaks for.</param>
/// <param name="pathPrefix">What was cut off the target's beginning; null for nothing.</param>
internal sealed class ExactTransformer(ExposedName name, string target, bool isTrusted, string? pathPrefix) : HttpTransformer
{
    public const string Proto = ForwardedPrefix + "Proto", Host = ForwardedPrefix + "Host";
    private const string Forwarded = "Forwarded", RealIp = "X-Real-IP", ForwardedPrefix = "X-Forwarded-";
    private const string For = ForwardedPrefix + "For", Prefix = ForwardedPrefix + "Prefix";

    // In a header's value no server here writes them; RFC 9110, section 5.5, has them replaced by a space.
    private static readonly SearchValues<char> s_controls =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Where(code => code != '\t').Append(0x7f).Select(code => (char)code)]);

    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix,
        CancellationToken cancellationToken)
    {
        proxyRequest.RequestUri = RequestTarget.At(destinationPrefix, target);
        IHeaderDictionary headers = httpContext.Request.Headers;
        HopHeaders hop = HopHeaders.Of(headers.Connection);
        foreach ((string key, StringValues values) in headers)
        {
            if (key.StartsWith(':') || hop.Has(key) || (!isTrusted && SaysForWhom(key))) continue;
            if (TryAdd(proxyRequest.Headers, key, values)) continue;
            proxyRequest.Content ??= await ContentHeadersAloneAsync(httpContext, cancellationToken).ConfigureAwait(false);
            if (!proxyRequest.Content!.Headers.NonValidated.Contains(key)) TryAdd(proxyRequest.Content.Headers, key, values);
        }
        // The one length that holds is that of the chunks (RFC 9112, section 6.3).
        if (headers.TransferEncoding.Count > 0) proxyRequest.Content?.Headers.Remove(HeaderNames.ContentLength);
        // gRPC servers refuse who does not take trailers.
        if (HttpProtocol.IsHttp2(httpContext.Request.Protocol) && headers.TE.ToString().Contains("trailers", StringComparison.OrdinalIgnoreCase))
            proxyRequest.Headers.TryAddWithoutValidation(HeaderNames.TE, "trailers");
        AddForWhom(httpContext, proxyRequest.Headers);
    }

    public override ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (proxyResponse is null) return new(false);
        if (!name.HasAnswered) name.MarkAnswered();
        IHeaderDictionary to = httpContext.Response.Headers;
        HopHeaders hop = proxyResponse.Headers.NonValidated.TryGetValues(HeaderNames.Connection, out HeaderStringValues connection)
            ? HopHeaders.Of(ValuesOf(connection))
            : default;
        Copy(proxyResponse.Headers, to, hop);
        Copy(proxyResponse.Content.Headers, to, hop);
        bool isChunked = proxyResponse.Headers.NonValidated.Contains(HeaderNames.TransferEncoding);
        // No body can follow these, and Kestrel takes no length of one with them.
        bool isBodyless = proxyResponse.StatusCode is < HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.ResetContent;
        if (isChunked || (isBodyless && to.ContentLength == 0)) to.Remove(HeaderNames.ContentLength);
        return new(true);
    }

    /// <summary>
    /// A request without a body has headers that the client library takes for a body's: YARP lets nothing but its own empty body stand for that, and its own
    /// way of copying headers makes one.
    /// </summary>
    private async ValueTask<HttpContent?> ContentHeadersAloneAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var other = new HttpRequestMessage();
        await base.TransformRequestAsync(context, other, "", cancellationToken).ConfigureAwait(false);
        return other.Content;
    }

    // Nearly all headers have one value, which costs no list.
    private static bool TryAdd(HttpHeaders headers, string key, StringValues values) =>
        values.Count == 1 ? headers.TryAddWithoutValidation(key, values[0]) : headers.TryAddWithoutValidation(key, (IEnumerable<string?>)values);

    private static void Copy(HttpHeaders from, IHeaderDictionary to, HopHeaders hop)
    {
        foreach ((string key, HeaderStringValues values) in from.NonValidated)
            if (!hop.Has(key)) to[key] = StringValues.Concat(to[key], ValuesOf(values));
    }

    private static StringValues ValuesOf(HeaderStringValues values)
    {
        if (values.Count <= 1) return Clean(values.ToString());
        string[] all = new string[values.Count];
        int at = 0;
        foreach (string value in values) all[at++] = Clean(value);
        return all;
    }

    private static string Clean(string value) => !value.AsSpan().ContainsAny(s_controls)
        ? value
        : string.Create(value.Length, value, static (to, from) => from.AsSpan().ReplaceAny(to, s_controls, ' '));

    private static bool SaysForWhom(string key) =>
        key.StartsWith(ForwardedPrefix, StringComparison.OrdinalIgnoreCase) || key.Equals(Forwarded, StringComparison.OrdinalIgnoreCase)
        || key.Equals(RealIp, StringComparison.OrdinalIgnoreCase);

    private void AddForWhom(HttpContext context, HttpRequestHeaders headers)
    {
        if (context.Connection.RemoteIpAddress is { } peer)
            headers.TryAddWithoutValidation(For, (peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer).ToString());
        if (!headers.NonValidated.Contains(Proto)) headers.TryAddWithoutValidation(Proto, context.Request.Scheme);
        if (!headers.NonValidated.Contains(Host)) headers.TryAddWithoutValidation(Host, context.Request.Headers.Host.ToString());
        if (pathPrefix is not null) headers.TryAddWithoutValidation(Prefix, pathPrefix);
    }
}
