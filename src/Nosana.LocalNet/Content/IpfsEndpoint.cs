using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Nosana.Ipfs;
using Nosana.LocalNet.Faults;

namespace Nosana.LocalNet.Content;

/// <summary>The gateway (<c>GET /ipfs/CID</c>) and the pinning service's three calls. Any Bearer token will do, but there must be one.</summary>
internal sealed class IpfsEndpoint(IpfsStore store, LocalNetFaults faults, TimeProvider time)
{
    public const string GatewayPath = "/ipfs/";
    public const string PinJsonPath = "/pinning/pinJSONToIPFS";
    public const string PinFilePath = "/pinning/pinFileToIPFS";
    public const string CredentialPath = "/data/testAuthentication";

    /// <summary>Largest file taken.</summary>
    public const long MaxBytes = 64 * 1024 * 1024;

    public async Task ServeGatewayAsync(HttpContext context)
    {
        string text = context.Request.Path.Value![GatewayPath.Length..];
        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method))
        {
            await RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, "the gateway only reads");
            return;
        }
        if (faults.GatewayDown)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "the gateway is down on request");
            return;
        }
        if (!Cid.TryParse(text, out Cid cid))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, $"'{text}' is not a CID of version 0");
            return;
        }
        if (store.Find(cid) is not { } pin)
        {
            await RefuseAsync(context, StatusCodes.Status404NotFound, $"{cid} was never pinned here");
            return;
        }
        ReadOnlyMemory<byte> content = faults.GatewayWrongBytes ? (byte[])[.. pin.Content.Span, (byte)' '] : pin.Content;
        context.Response.ContentType = pin.ContentType ?? "application/octet-stream";
        context.Response.ContentLength = content.Length;
        context.Response.Headers.ETag = $"\"{cid}\"";
        if (HttpMethods.IsGet(context.Request.Method)) await context.Response.Body.WriteAsync(content, context.RequestAborted);
    }

    public async Task ServePinningAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        bool isQuestion = request.Path == CredentialPath;
        if (isQuestion ? !HttpMethods.IsGet(request.Method) : !HttpMethods.IsPost(request.Method))
        {
            await RefuseAsync(context, StatusCodes.Status405MethodNotAllowed, isQuestion ? "a credential is tried with GET" : "pinning takes POST");
            return;
        }
        if (faults.PinningDown)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "the pinning service is down on request");
            return;
        }
        if (faults.PinningMaxBytes is { } limit && request.ContentLength > limit)
        {
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, $"the pinning service takes {limit} bytes on request");
            return;
        }
        if (faults.PinningUnauthorized || !HasBearer(request))
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "Authorization: Bearer TOKEN is missing; this network accepts any token");
            return;
        }
        var good = new CredentialAnswer("The credential is good.");
        if (isQuestion) await WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(good, ContentJson.Default.CredentialAnswer));
        else await (request.Path == PinJsonPath ? PinJsonAsync(context) : PinFileAsync(context));
    }

    private async Task PinJsonAsync(HttpContext context)
    {
        byte[]? body = await ReadAsync(context, context.Request.Body);
        if (body is null) return;
        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            reader.Skip();
            if (reader.Read()) throw new JsonException("something follows the JSON value");
        }
        catch (JsonException exception)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, $"the body is not JSON: {exception.Message}");
            return;
        }
        await AnswerAsync(context, body, "application/json");
    }

    private async Task PinFileAsync(HttpContext context)
    {
        if (!MediaTypeHeaderValue.TryParse(context.Request.ContentType, out MediaTypeHeaderValue? type)
            || HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 } boundary)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "the body is not multipart/form-data");
            return;
        }
        try
        {
            var parts = new MultipartReader(boundary.ToString(), context.Request.Body);
            while (await parts.ReadNextSectionAsync(context.RequestAborted) is { } section)
            {
                if (section.GetContentDispositionHeader() is not { } disposition || HeaderUtilities.RemoveQuotes(disposition.Name) != "file") continue;
                byte[]? content = await ReadAsync(context, section.Body);
                if (content is not null) await AnswerAsync(context, content, section.ContentType);
                return;
            }
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, $"the multipart body cannot be read: {exception.Message}");
            return;
        }
        await RefuseAsync(context, StatusCodes.Status400BadRequest, "the multipart body has no field 'file'");
    }

    /// <summary>The whole stream, or null with an answer given when it is too large.</summary>
    private static async Task<byte[]?> ReadAsync(HttpContext context, Stream stream)
    {
        using var content = new MemoryStream();
        byte[] chunk = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(chunk, context.RequestAborted)) > 0)
        {
            content.Write(chunk, 0, read);
            if (content.Length <= MaxBytes) continue;
            await RefuseAsync(context, StatusCodes.Status413PayloadTooLarge, $"at most {MaxBytes} bytes can be pinned");
            return null;
        }
        return content.ToArray();
    }

    private async Task AnswerAsync(HttpContext context, byte[] content, string? contentType)
    {
        Cid cid = store.Add(content, time.GetUtcNow(), contentType);
        Pin pin = store.Find(cid)!;
        var answer = new PinAnswer(cid.ToString(), content.Length, pin.PinnedAt);
        await WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(answer, ContentJson.Default.PinAnswer));
    }

    private static bool HasBearer(HttpRequest request) =>
        request.Headers.Authorization.ToString() is { Length: > 7 } value && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            && !string.IsNullOrWhiteSpace(value[7..]);

    private static async Task RefuseAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        await WriteAsync(context, JsonSerializer.SerializeToUtf8Bytes(new RefusalAnswer(message), ContentJson.Default.RefusalAnswer));
    }

    private static async Task WriteAsync(HttpContext context, byte[] json)
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(json, context.RequestAborted);
    }
}
