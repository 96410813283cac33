using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Nosana.Node.Engine.Resources;

/// <summary>Small answers of sources, whole. A stranger's source may send anything, so none is read past a limit.</summary>
internal static class JsonAnswer
{
    /// <exception cref="ResourceException"><see cref="ResourceFault.Corrupt"/>: it is longer than the limit.</exception>
    public static async Task<byte[]> ReadBytesAsync(HttpResponseMessage response, RemoteRequest request, int limit, CancellationToken cancellationToken)
    {
        try
        {
            await using Stream content = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var whole = new MemoryStream();
            byte[] buffer = new byte[64 << 10];
            int read;
            while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
            {
                if (whole.Length + read > limit)
                    throw new ResourceException(ResourceFault.Corrupt, $"{request.Source}: the answer of {request.Shown} is longer than {limit} bytes.");
                whole.Write(buffer, 0, read);
            }
            return whole.ToArray();
        }
        catch (Exception exception) when (exception is not ResourceException && ResourceHttp.Fault(request.Source, request.Shown, exception) is { } fault)
        {
            throw fault;
        }
    }

    /// <exception cref="ResourceException"><see cref="ResourceFault.Corrupt"/>: it is not of that shape.</exception>
    public static T Parse<T>(byte[] content, JsonTypeInfo<T> type, RemoteRequest request)
    {
        try
        {
            return JsonSerializer.Deserialize(content, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException exception)
        {
            throw new ResourceException(ResourceFault.Corrupt,
                $"{request.Source}: {request.Shown} does not answer as its kind of source does: {exception.Message}", exception);
        }
    }
}
