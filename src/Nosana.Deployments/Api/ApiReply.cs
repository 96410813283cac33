using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Nosana.Deployments.Api;

/// <summary>An answer in the form of the network's manager.</summary>
internal sealed class ApiReply(int status, string? contentType, ReadOnlyMemory<byte> body) : IResult
{
    private TimeSpan? _after;

    private const string JsonType = "application/json; charset=utf-8", TextType = "text/plain; charset=utf-8";

    public static ApiReply Ok<T>(T value) => Json(StatusCodes.Status200OK, value);

    public static ApiReply Json<T>(int status, T value) => new(status, JsonType, JsonSerializer.SerializeToUtf8Bytes(value, ApiJson.Options));

    public static ApiReply Empty(int status) => new(status, null, default);

    public static ApiReply Text(int status, string text) => new(status, TextType, Encoding.UTF8.GetBytes(text));

    /// <summary>What a handler refuses: <c>{"error": SENTENCE}</c>.</summary>
    public static ApiReply Error(int status, string sentence) => Json(status, new ErrorBody(sentence));

    /// <summary>What never comes to a handler: the form of the network's framework.</summary>
    public static ApiReply Framework(int status, string? code, string message, IReadOnlyList<FieldFault>? faults = null) =>
        Json(status, new FrameworkBody(status, code, NameOf(status), message, faults));

    /// <summary>A route that is not there.</summary>
    public static ApiReply NotFound(HttpContext http)
    {
        HttpRequest request = http.Request;
        string route = $"{request.Method}:{request.Path.ToUriComponent()}{request.QueryString.ToUriComponent()}";
        return Framework(StatusCodes.Status404NotFound, null, $"Route {route} not found");
    }

    /// <summary>With when to ask again.</summary>
    public ApiReply After(TimeSpan time)
    {
        _after = time;
        return this;
    }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        response.StatusCode = status;
        if (_after is { } after) response.Headers.RetryAfter = ((int)after.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (contentType is null) return;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }

    private static string NameOf(int status) => ReasonPhrases.GetReasonPhrase(status) is { Length: > 0 } name ? name : ((HttpStatusCode)status).ToString();
}

/// <summary>A refusal in one sentence.</summary>
internal sealed record ErrorBody(string Error);

/// <summary>One field that is not as it must be.</summary>
/// <param name="Path">As in <c>/replicas</c> or <c>/allowed_hosts/0</c>.</param>
/// <param name="Message">What it must be.</param>
internal sealed record FieldFault(string Path, string Message);

/// <summary>The form of the network's framework, and which fields it is about.</summary>
internal sealed record FrameworkBody(
    [property: System.Text.Json.Serialization.JsonPropertyName("statusCode")] int StatusCode,
    string? Code,
    string Error,
    string Message,
    IReadOnlyList<FieldFault>? Validation);

/// <summary>A request that is refused, with the answer to it.</summary>
internal sealed class ApiRefusal(ApiReply reply) : Exception("The request is refused.")
{
    public ApiReply Reply => reply;

    public static ApiRefusal Of(int status, string sentence) => new(ApiReply.Error(status, sentence));

    public static ApiRefusal NotFound(string sentence = "Deployment not found.") => Of(StatusCodes.Status404NotFound, sentence);

    /// <summary>What is asked for does not go with the state that things are in.</summary>
    public static ApiRefusal Conflict(string sentence) => Of(StatusCodes.Status409Conflict, sentence);

    public static ApiRefusal BadRequest(string sentence) => Of(StatusCodes.Status400BadRequest, sentence);

    public static ApiRefusal Unauthorized(string text = "Unauthorized") => new(ApiReply.Text(StatusCodes.Status401Unauthorized, text));
}
