using System.Net.Http.Headers;
using System.Text.Json;
using Nosana.Docker.Json;

namespace Nosana.Docker.Operations;

/// <summary>Bodies of requests.</summary>
internal static class RequestBody
{
    public static HttpContent Of<T>(T value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, DockerJson.Of<T>()));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    /// <summary>A tar stream; it stays the caller's.</summary>
    public static HttpContent Tar(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var content = new StreamContent(stream);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
        return content;
    }
}
