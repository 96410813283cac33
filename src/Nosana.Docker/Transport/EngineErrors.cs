using System.Net;
using System.Text.Json;

namespace Nosana.Docker.Transport;

/// <summary>Turns an engine's error answers into exceptions.</summary>
internal static class EngineErrors
{
    private const int MaxBodyLength = 64 * 1024;

    /// <summary>Words by which engines (Docker, Podman, registries behind them) say what is missing.</summary>
    private static readonly (string Words, EngineResource Resource)[] Missing =
    [
        ("no such container", EngineResource.Container),
        ("no such image", EngineResource.Image),
        ("image not known", EngineResource.Image),
        ("manifest unknown", EngineResource.Image),
        ("repository does not exist", EngineResource.Image),
        ("name unknown", EngineResource.Image),
        ("no such volume", EngineResource.Volume),
        ("no such network", EngineResource.Network),
        ("network not found", EngineResource.Network),
    ];

    /// <summary>Reads the error out of an answer whose status says that there is one.</summary>
    public static async Task<DockerApiException> ReadAsync(EngineRoute request, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[MaxBodyLength];
        await using Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        int length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        string body = System.Text.Encoding.UTF8.GetString(bytes, 0, length);
        return Create(request, response.StatusCode, MessageOf(body) ?? response.ReasonPhrase ?? "no message", body);
    }

    /// <summary>The exception for an error that came inside an answer which began as a success.</summary>
    public static DockerApiException FromStream(EngineRoute request, int code, string message)
    {
        HttpStatusCode status = code is >= 400 and <= 599 ? (HttpStatusCode)code
            : ResourceOf(message, EngineResource.Other) == EngineResource.Image ? HttpStatusCode.NotFound
            : message.Contains("unauthorized", StringComparison.OrdinalIgnoreCase) ? HttpStatusCode.Unauthorized
            : message.Contains("denied", StringComparison.OrdinalIgnoreCase) ? HttpStatusCode.Forbidden
            : HttpStatusCode.InternalServerError;
        return Create(request, status, message, body: null);
    }

    /// <summary>As an engine refuses a name that nothing can have.</summary>
    public static DockerApiException OddName(string where, string? request) =>
        new(HttpStatusCode.BadRequest, $"a name in {where} is empty or has a segment '.' or '..', which no name has", null, request);

    private static DockerApiException Create(EngineRoute request, HttpStatusCode status, string message, string? body)
    {
        string asked = request.ToString();
        // A registry's "unknown" reaches some engines' clients as a 500.
        EngineResource resource = status == HttpStatusCode.NotFound ? ResourceOf(message, request.Resource)
            : request.Path is EngineRoute.ImagePull or EngineRoute.PodmanPull ? ResourceOf(message, EngineResource.Other)
            : EngineResource.Other;
        return resource switch
        {
            EngineResource.Container => new DockerContainerNotFoundException(status, message, body, asked),
            EngineResource.Image => new DockerImageNotFoundException(status, message, body, asked),
            EngineResource.Network => new DockerNetworkNotFoundException(status, message, body, asked),
            EngineResource.Volume => new DockerVolumeNotFoundException(status, message, body, asked),
            _ => new DockerApiException(status, message, body, asked),
        };
    }

    private static EngineResource ResourceOf(string message, EngineResource otherwise)
    {
        foreach ((string words, EngineResource resource) in Missing)
        {
            if (message.Contains(words, StringComparison.OrdinalIgnoreCase)) return resource;
        }
        // "network NAME not found" has the name in the middle.
        bool isNetwork = message.StartsWith("network ", StringComparison.Ordinal) && message.EndsWith("not found", StringComparison.Ordinal);
        return isNetwork ? EngineResource.Network : otherwise;
    }

    private static string? MessageOf(string body)
    {
        try
        {
            using JsonDocument answer = JsonDocument.Parse(body);
            if (answer.RootElement is { ValueKind: JsonValueKind.Object } error && error.TryGetProperty("message", out JsonElement text)
                && text.ValueKind == JsonValueKind.String && text.GetString() is { Length: > 0 } message) return message;
        }
        catch (JsonException)
        {
            // A proxy or an old engine answers in plain text, which is then the message.
        }
        return body.Trim() is { Length: > 0 } words ? words : null;
    }
}
