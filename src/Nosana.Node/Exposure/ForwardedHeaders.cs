using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace Nosana.Node.Exposure;

/// <summary>
/// Tells the container who asked for what. The Host header stays the public name, because servers compare it with the browser's Origin. The tunnel in
/// front is on this machine, so what it says about scheme and name is kept.
/// </summary>
internal sealed class ForwardedHeaders : HttpTransformer
{
    private const string For = "X-Forwarded-For", Proto = "X-Forwarded-Proto", Host = "X-Forwarded-Host";

    public static ForwardedHeaders Instance { get; } = new();

    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix,
        CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken).ConfigureAwait(false);
        if (httpContext.Connection.RemoteIpAddress is { } peer) proxyRequest.Headers.TryAddWithoutValidation(For, peer.ToString());
        if (!proxyRequest.Headers.Contains(Proto)) proxyRequest.Headers.TryAddWithoutValidation(Proto, httpContext.Request.Scheme);
        if (!proxyRequest.Headers.Contains(Host)) proxyRequest.Headers.TryAddWithoutValidation(Host, httpContext.Request.Headers[HeaderNames.Host].ToString());
    }
}
