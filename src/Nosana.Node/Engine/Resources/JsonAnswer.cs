using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Nosana.Node.Engine.Resources;

/// <summary>JSON of sources, read whole and within a limit before. What is none is the source's fault.</summary>
internal static class JsonAnswer
{
    /// <exception cref="ResourceException"><see cref="ResourceFault.Corrupt"/>: it is not of that shape.</exception>
    public static T Parse<T>(byte[] content, JsonTypeInfo<T> type, RemoteRequest request)
    {
        try
        {
            return JsonSerializer.Deserialize(content, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException exception)
        {
            throw Odd(request, exception);
        }
    }

    /// <summary>The items of a list, one at a time: a few bytes of JSON each can make a hundred times as many of memory.</summary>
    /// <exception cref="ResourceException"><see cref="ResourceFault.Corrupt"/>: it is no list of that shape.</exception>
    public static async IAsyncEnumerable<T> ParseItemsAsync<T>(byte[] content, JsonTypeInfo<T> type, RemoteRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken) where T : class
    {
        await using var stream = new MemoryStream(content);
        IAsyncEnumerable<T?> list = JsonSerializer.DeserializeAsyncEnumerable(stream, type, cancellationToken);
        await using IAsyncEnumerator<T?> items = list.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            T item;
            try
            {
                if (!await items.MoveNextAsync()) yield break;
                item = items.Current ?? throw new JsonException("one of its items is null");
            }
            catch (JsonException exception)
            {
                throw Odd(request, exception);
            }
            yield return item;
        }
    }

    private static ResourceException Odd(RemoteRequest request, JsonException exception) => new(ResourceFault.Corrupt,
        $"{request.Source}: {request.Shown} does not answer as its kind of source does "
            + $"(line {exception.LineNumber}, byte {exception.BytePositionInLine}).", exception);
}
