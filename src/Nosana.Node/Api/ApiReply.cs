using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nosana.Node.Jobs.State;

namespace Nosana.Node.Api;

/// <summary>
/// An answer in the official host's form: a sentence, or JSON. JSON that it labels as text is so labelled here, too; none of it is ever run by a browser.
/// </summary>
internal sealed class ApiReply(int status, string contentType, ReadOnlyMemory<byte> body) : IResult
{
    private const string TextType = "text/html; charset=utf-8", JsonType = "application/json; charset=utf-8";

    public static ApiReply Text(int status, string text) => new(status, TextType, Encoding.UTF8.GetBytes(text));

    /// <summary>JSON labelled as text, as the official host does with what it keeps as a text.</summary>
    public static ApiReply Text(ReadOnlyMemory<byte> utf8) => new(StatusCodes.Status200OK, TextType, utf8);

    public static ApiReply Json(int status, JsonNode json) => new(status, JsonType, Encoding.UTF8.GetBytes(json.ToJsonString(ResultJson.ForNodes.Options)));

    public static ApiReply Json(JsonNode json) => Json(StatusCodes.Status200OK, json);

    /// <summary>A sentence in the form <c>{"error": ...}</c>.</summary>
    public static ApiReply Error(int status, string sentence) => Json(status, new JsonObject { ["error"] = sentence });

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        HttpResponse response = httpContext.Response;
        string tag = TagOf(body.Span);
        response.Headers.ETag = tag;
        if (status == StatusCodes.Status200OK && httpContext.Request.Headers.IfNoneMatch.Contains(tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        if (HttpMethods.IsHead(httpContext.Request.Method)) return;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }

    /// <summary>Weak: the same content, perhaps written otherwise.</summary>
    private static string TagOf(ReadOnlySpan<byte> content) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"W/\"{content.Length:x}-{Convert.ToBase64String(SHA256.HashData(content))[..27]}\"");
}
