using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Nosana.Deployments.Api;

/// <summary>What is around every answer: headers for browsers, and an envelope, never a trace, where something went wrong.</summary>
internal sealed partial class ApiFaults(ILogger<ApiFaults> logger)
{
    private const string Methods = "GET,HEAD,PUT,PATCH,POST,DELETE";

    private static readonly TimeSpan s_askAgain = TimeSpan.FromSeconds(5);

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        SetCommon(http);
        IHeaderDictionary headers = http.Response.Headers;
        if (HttpMethods.IsOptions(http.Request.Method))
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            headers.AccessControlAllowMethods = Methods;
            if (http.Request.Headers.AccessControlRequestHeaders is { Count: > 0 } asked) headers.AccessControlAllowHeaders = asked;
            return;
        }
        // A GET whose body Kestrel leaves out; a stream has no end, and no HEAD.
        if (HttpMethods.IsHead(http.Request.Method) && !http.Request.Path.Value!.EndsWith("/stream", StringComparison.OrdinalIgnoreCase))
            http.Request.Method = HttpMethods.Get;
        try
        {
            await next(http);
        }
        catch (ApiRefusal refusal)
        {
            await AnswerAsync(http, refusal.Reply);
        }
        catch (BadHttpRequestException e)
        {
            await AnswerAsync(http, e.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? ApiReply.Framework(e.StatusCode, "FST_ERR_CTP_BODY_TOO_LARGE", "Request body is too large")
                : ApiReply.Framework(e.StatusCode, null, "The request cannot be read."));
        }
        catch (ChainSilentException e)
        {
            LogSilent(http.Request.Method, http.Request.Path, e.GetBaseException().Message);
            ApiReply silent = ApiReply.Error(StatusCodes.Status503ServiceUnavailable, "The chain cannot be asked now. Try again later.");
            await AnswerAsync(http, silent.After(s_askAgain));
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // nobody waits for the answer any more
        }
        catch (Exception e)
        {
            LogBroken(e, http.Request.Method, http.Request.Path);
            await AnswerAsync(http, ApiReply.Error(StatusCodes.Status500InternalServerError, "Internal server error."));
        }
    }

    private static async Task AnswerAsync(HttpContext http, ApiReply reply)
    {
        if (http.Response.HasStarted)
        {
            http.Abort(); // half an answer must not be taken for a whole one
            return;
        }
        http.Response.Clear();
        SetCommon(http);
        await reply.ExecuteAsync(http);
    }

    private static void SetCommon(HttpContext http)
    {
        IHeaderDictionary headers = http.Response.Headers;
        // No cookies: whoever asks proves who he is by a header that a page of another site does not have.
        headers.AccessControlAllowOrigin = http.Request.Headers.Origin is [{ } origin] ? origin : "*";
        headers.Vary = "Origin, Access-Control-Request-Headers";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.CacheControl = "no-store";
    }

    [LoggerMessage(8300, LogLevel.Error, "The deployments API's answer to {Method} {Path} failed by a fault of this program")]
    private partial void LogBroken(Exception exception, string method, string path);

    [LoggerMessage(8302, LogLevel.Warning, "The deployments API could not answer {Method} {Path}: the chain cannot be asked ({Problem})")]
    private partial void LogSilent(string method, string path, string problem);
}
