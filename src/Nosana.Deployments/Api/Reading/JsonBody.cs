using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Nosana.Deployments.Api.Reading;

/// <summary>A request's body: strict JSON, without a name twice, all of it Unicode.</summary>
internal static class JsonBody
{
    /// <summary>Of every route that says nothing else: 1 MiB, as the network's manager has it.</summary>
    public const int MaxBytes = 1024 * 1024;

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false };

    /// <summary>The body, to be disposed of.</summary>
    /// <exception cref="ApiRefusal">400 and 415.</exception>
    /// <exception cref="BadHttpRequestException">413: it is too long.</exception>
    public static async Task<JsonDocument> ReadAsync(HttpContext http, int maxBytes = MaxBytes)
    {
        string? type = http.Request.ContentType;
        if (!MediaTypeHeaderValue.TryParse(type, out MediaTypeHeaderValue? media)
            || !media.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase))
            throw Refused(StatusCodes.Status415UnsupportedMediaType, "FST_ERR_CTP_INVALID_MEDIA_TYPE", $"Unsupported Media Type: {type}");
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = maxBytes;
        using var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes, http.RequestAborted);
        if (bytes.Length == 0)
        {
            throw Refused(
                StatusCodes.Status400BadRequest, "FST_ERR_CTP_EMPTY_JSON_BODY", "Body cannot be empty when content-type is set to 'application/json'");
        }
        JsonDocument? document = null;
        try
        {
            document = JsonDocument.Parse(bytes.ToArray(), s_strict);
            CheckText(document.RootElement);
            return document;
        }
        // Half of a surrogate pair is no text, and is found out only where it is read.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            document?.Dispose();
            throw Refused(StatusCodes.Status400BadRequest, "FST_ERR_CTP_INVALID_JSON_BODY", $"Body is not valid JSON: {e.Message}");
        }
    }

    private static void CheckText(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                element.GetString();
                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in element.EnumerateArray()) CheckText(item);
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty property in element.EnumerateObject())
                {
                    _ = property.Name;
                    CheckText(property.Value);
                }
                break;
        }
    }

    private static ApiRefusal Refused(int status, string code, string message) => new(ApiReply.Framework(status, code, message));
}
