using System.Net;
using System.Text.Encodings.Web;

namespace Nosana.Node.Api;

/// <summary>
/// What is around every answer: the headers that let browsers read it and run nothing of it, and a sentence, never a trace, where something went wrong.
/// </summary>
internal sealed partial class ApiFaults(ILogger<ApiFaults> logger)
{
    private const string Methods = "GET,HEAD,PUT,PATCH,POST,DELETE";

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        IHeaderDictionary headers = http.Response.Headers;
        SetCommon(headers);
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            headers.AccessControlAllowMethods = Methods;
            headers.Vary = "Access-Control-Request-Headers";
            if (http.Request.Headers.AccessControlRequestHeaders is { Count: > 0 } asked) headers.AccessControlAllowHeaders = asked;
            return;
        }
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException e)
        {
            await AnswerAsync(http, e.StatusCode, SentenceOf(e.StatusCode));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // nobody waits for the answer any more
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested)
        {
            LogBroken(e, http.Request.Method, http.Request.Path);
            await AnswerAsync(http, StatusCodes.Status500InternalServerError, "Internal Server Error");
        }
    }

    /// <summary>The official host's page for what is not there.</summary>
    public static ApiReply NotFound(HttpContext http) => ApiReply.Text(StatusCodes.Status404NotFound,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Error</title>\n</head>\n<body>\n<pre>Cannot "
            + $"{HtmlEncoder.Default.Encode(http.Request.Method)} {HtmlEncoder.Default.Encode(http.Request.Path.ToUriComponent())}</pre>\n</body>\n</html>\n");

    private static async Task AnswerAsync(HttpContext http, int status, string sentence)
    {
        if (http.Response.HasStarted)
        {
            http.Abort(); // half an answer must not be taken for a whole one
            return;
        }
        http.Response.Clear();
        SetCommon(http.Response.Headers);
        await ApiReply.Text(status, sentence).ExecuteAsync(http);
    }

    private static void SetCommon(IHeaderDictionary headers)
    {
        headers.AccessControlAllowOrigin = "*";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers.CacheControl = "no-store";
    }

    private static string SentenceOf(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => "The body is too large.",
        StatusCodes.Status408RequestTimeout => "The body did not arrive in time.",
        _ => $"The request cannot be read: {(HttpStatusCode)status}.",
    };

    [LoggerMessage(6200, LogLevel.Error, "The API's answer to {Method} {Path} failed by a fault of this program")]
    private partial void LogBroken(Exception exception, string method, string path);
}
