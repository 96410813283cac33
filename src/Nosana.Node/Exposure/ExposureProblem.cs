using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using Nosana.Node.Exposure.Forwarding;

namespace Nosana.Node.Exposure;

/// <summary>An answer of the ingress itself: a page for who asks for one, else in the form of RFC 9457.</summary>
internal sealed record ExposureProblem(string Title, int Status, string Detail)
{
    private const string ContentType = "application/problem+json", Html = "text/html";

    /// <summary>Seconds after which asking again makes sense while a container starts, or a second's requests are over.</summary>
    private const string SoonSeconds = "5", NextSecond = "1";

    public static ExposureProblem NoPath { get; } = new(
        "No path", StatusCodes.Status400BadRequest,
        "The request's target has no path, or a character that none can have. This server carries requests for the services of jobs alone.");

    public static ExposureProblem NoTunnel { get; } = new(
        "No tunnels", StatusCodes.Status405MethodNotAllowed,
        "CONNECT is not served here: requests lead to the service of the name that they ask for, and nowhere else.");

    public static ExposureProblem TwoLengths { get; } = new(
        "Two lengths", StatusCodes.Status400BadRequest,
        "The request has both Content-Length and Transfer-Encoding, so that it would end in two places. Send one of the two.");

    public static ExposureProblem NotCarried { get; } = new(
        "Not a request", StatusCodes.Status400BadRequest, "The request has a method or a header that HTTP does not allow, so that it cannot be carried on.");

    public static ExposureProblem UnknownName(string hostName) => new(
        "No such endpoint", StatusCodes.Status404NotFound,
        $"No running job on this host exposes '{hostName}'. The job has ended, has not started, or the name is misspelt.");

    public static ExposureProblem Gone(string hostName) => new(
        "The job has ended", StatusCodes.Status410Gone,
        $"The job or operation behind '{hostName}' ran on this host and has ended. This address comes back only if it is started again.");

    public static ExposureProblem Starting(string hostName) => new(
        "The job is starting", StatusCodes.Status503ServiceUnavailable,
        $"The job behind '{hostName}' is getting ready on this host: its image and data are fetched, or its container is being started.");

    /// <summary>Not listening yet, or, when it had answered before, not any more.</summary>
    public static ExposureProblem NotListening(ExposedName name) => name.HasAnswered
        ? new(
            "The job does not take connections", StatusCodes.Status502BadGateway,
            $"The job behind '{name.HostName}' has answered before, and now refuses connections on port {name.Destination!.Port} of its container: "
                + "its program has ended, or is restarting.")
        : new(
            "The job is not listening yet", StatusCodes.Status503ServiceUnavailable,
            $"The job behind '{name.HostName}' runs, but nothing listens on port {name.Destination!.Port} of its container. It may still be starting; "
                + "if this stays, the program listens on another port or on 127.0.0.1 only.");

    public static ExposureProblem Failed(ExposedName name) => new(
        "The job gave no valid answer", StatusCodes.Status502BadGateway,
        $"The job behind '{name.HostName}' accepted the connection on port {name.Destination!.Port} and broke it, or answered something that is not HTTP.");

    public static ExposureProblem TimedOut(ExposedName name) => new(
        "The job did not answer in time", StatusCodes.Status504GatewayTimeout,
        $"The job behind '{name.HostName}' accepted the request and stayed silent.");

    public static ExposureProblem Refused(string hostName, RouteAdmission admission, RouteLimits limits) => admission == RouteAdmission.TooFast
        ? new(
            "Too many requests a second", StatusCodes.Status429TooManyRequests,
            string.Create(
                CultureInfo.InvariantCulture,
                $"'{hostName}' is asked more than {limits.RequestsPerSecond:0.##} times a second, which is this host's limit for one name."))
        : new(
            "Too many requests at once", StatusCodes.Status429TooManyRequests,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{limits.Connections} requests to '{hostName}' are under way, which is this host's limit for one name."));

    public static ExposureProblem TooLong(long most) => new(
        "The request is too long", StatusCodes.Status413PayloadTooLarge,
        string.Create(CultureInfo.InvariantCulture, $"The body of a request to a job on this host may have {most} bytes."));

    /// <summary>The client's body broke off, or is none.</summary>
    public static ExposureProblem BadBody(int status, long? most) => status == StatusCodes.Status413PayloadTooLarge && most is { } bytes
        ? TooLong(bytes)
        : new("The request's body is not whole", status is >= 400 and < 500 ? status : StatusCodes.Status400BadRequest,
            "The request's body broke off, or is not in the form that its headers say.");

    public async Task WriteAsync(HttpContext context)
    {
        HttpResponse response = context.Response;
        response.Clear();
        response.StatusCode = Status;
        response.Headers.CacheControl = "no-store";
        response.Headers.Vary = "Accept";
        // What follows such a request may be a part of it.
        bool isNone = Status is StatusCodes.Status400BadRequest or StatusCodes.Status405MethodNotAllowed;
        if (isNone && HttpProtocol.IsHttp11(context.Request.Protocol)) response.Headers.Connection = "close";
        if (Status == StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = SoonSeconds;
        if (Status == StatusCodes.Status429TooManyRequests) response.Headers.RetryAfter = NextSecond;
        if (Status == StatusCodes.Status405MethodNotAllowed) response.Headers.Allow = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
        if (!context.Request.Headers.Accept.ToString().Contains(Html, StringComparison.OrdinalIgnoreCase))
        {
            await response.WriteAsJsonAsync(this, ExposureJson.Default.ExposureProblem, ContentType, context.RequestAborted).ConfigureAwait(false);
            return;
        }
        response.ContentType = Html + "; charset=utf-8";
        // Nothing of it can do anything, whatever a name may be made to look like.
        response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        await response.WriteAsync(Page(), context.RequestAborted).ConfigureAwait(false);
    }

    private string Page() =>
        $$"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>{{HtmlEncoder.Default.Encode(Title)}}</title>
        <style>body{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:15vh auto;padding:0 1em;color-scheme:light dark}</style>
        </head><body><h1>{{HtmlEncoder.Default.Encode(Title)}}</h1><p>{{HtmlEncoder.Default.Encode(Detail)}}</p></body></html>
        """;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExposureProblem))]
internal sealed partial class ExposureJson : JsonSerializerContext;
