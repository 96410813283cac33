using System.Net;
using System.Net.Http.Headers;

namespace Nosana.Solana.Rpc.Http;

/// <summary>What HTTP's own failures mean for a JSON-RPC request.</summary>
internal static class HttpFailure
{
    /// <summary>A status that says "later"; null when the body must be read.</summary>
    public static AttemptFailure? Of(HttpResponseMessage response, TimeProvider time) => response.StatusCode switch
    {
        HttpStatusCode.TooManyRequests =>
            new AttemptFailure("too many requests (HTTP 429)", MayHaveActed: false, RetryAfter: RetryAfter(response.Headers.RetryAfter, time)),
        HttpStatusCode.RequestTimeout => new AttemptFailure("HTTP 408", MayHaveActed: true),
        >= HttpStatusCode.InternalServerError =>
            new AttemptFailure($"HTTP {(int)response.StatusCode}", MayHaveActed: true, RetryAfter: RetryAfter(response.Headers.RetryAfter, time)),
        _ when response.IsSuccessStatusCode || IsJson(response) => null,
        _ => Refusal(response),
    };

    public static AttemptFailure Refusal(HttpResponseMessage response) =>
        new($"HTTP {(int)response.StatusCode} {response.ReasonPhrase}", MayHaveActed: false, EndpointRefuses: true);

    /// <summary>What an error of JSON-RPC means for the choice of nodes; null when it is the answer, whichever node gives it.</summary>
    public static AttemptFailure? Of(RpcException error, HttpResponseMessage response)
    {
        if (error.IsTransient)
            return new AttemptFailure(error.Message, MayHaveActed: false, Exception: error, IsBehind: error.Code == RpcException.MinContextSlotNotReached);
        bool refuses = error.IsRefusal || response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.PaymentRequired or HttpStatusCode.Forbidden
            or HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Gone;
        return refuses ? new AttemptFailure(error.Message, MayHaveActed: false, EndpointRefuses: true, Exception: error) : null;
    }

    public static AttemptFailure Of(HttpRequestException exception, int maxResponseBytes) => exception.HttpRequestError switch
    {
        HttpRequestError.ConfigurationLimitExceeded =>
            new AttemptFailure($"the answer is longer than {maxResponseBytes} bytes", MayHaveActed: true, EndpointRefuses: true, Exception: exception),
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or
        HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError =>
            new AttemptFailure($"no connection ({exception.Message})", MayHaveActed: false, Exception: exception),
        _ => new AttemptFailure($"the connection broke ({exception.Message})", MayHaveActed: true, Exception: exception),
    };

    private static bool IsJson(HttpResponseMessage response) =>
        response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.OrdinalIgnoreCase) == true;

    private static TimeSpan RetryAfter(RetryConditionHeaderValue? header, TimeProvider time)
    {
        TimeSpan wait = header switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            _ => TimeSpan.Zero,
        };
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}

/// <summary>Why an attempt brought no answer.</summary>
/// <param name="Reason">For people, without the URL.</param>
/// <param name="MayHaveActed">The node may have acted on the request.</param>
/// <param name="EndpointRefuses">Asking this node again is useless (credentials, path); another may answer.</param>
/// <param name="RetryAfter">How long the node asked to be left alone.</param>
/// <param name="IsBehind">The node has not reached the slot asked for.</param>
internal sealed record AttemptFailure(
    string Reason, bool MayHaveActed, bool EndpointRefuses = false, TimeSpan RetryAfter = default, Exception? Exception = null, bool IsBehind = false);
