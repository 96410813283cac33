using System.Text.Json.Serialization;

namespace Nosana.Node.Exposure;

/// <summary>An answer of the ingress itself, in the form of RFC 9457.</summary>
internal sealed record ExposureProblem(string Title, int Status, string Detail)
{
    private const string ContentType = "application/problem+json";

    /// <summary>Seconds after which asking again makes sense while a container starts.</summary>
    private const string RetryAfterSeconds = "5";

    public static ExposureProblem UnknownName(string hostName) => new(
        "No such endpoint", StatusCodes.Status404NotFound,
        $"No running job on this host exposes '{hostName}'. The job has ended, has not started, or the name is misspelt.");

    public static ExposureProblem NotListening(ExposedName name) => new(
        "The job is not listening yet", StatusCodes.Status503ServiceUnavailable,
        $"The job behind '{name.HostName}' runs, but nothing listens on port {name.Destination.Port} of its container. It may still be starting; "
            + "if this stays, the program listens on another port or on 127.0.0.1 only.");

    public static ExposureProblem Failed(ExposedName name) => new(
        "The job gave no valid answer", StatusCodes.Status502BadGateway,
        $"The job behind '{name.HostName}' accepted the connection on port {name.Destination.Port} and broke it, or answered something that is not HTTP.");

    public static ExposureProblem TimedOut(ExposedName name) => new(
        "The job did not answer in time", StatusCodes.Status504GatewayTimeout,
        $"The job behind '{name.HostName}' accepted the request and stayed silent.");

    public async Task WriteAsync(HttpContext context)
    {
        context.Response.Clear();
        context.Response.StatusCode = Status;
        context.Response.Headers.CacheControl = "no-store";
        if (Status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = RetryAfterSeconds;
        await context.Response.WriteAsJsonAsync(this, ExposureJson.Default.ExposureProblem, ContentType, context.RequestAborted).ConfigureAwait(false);
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ExposureProblem))]
internal sealed partial class ExposureJson : JsonSerializerContext;
