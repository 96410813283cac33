using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Nosana.Docker.Json;

/// <summary>The engine's endless answers: JSON values one after another.</summary>
internal static class JsonMessages
{
    /// <summary>Each value as soon as it has arrived.</summary>
    /// <exception cref="DockerStreamException">The connection broke, or a value is damaged or cut off.</exception>
    public static async IAsyncEnumerable<T> ReadAsync<T>(Stream stream, string what, [EnumeratorCancellation] CancellationToken cancellationToken) where T : class
    {
        await using IAsyncEnumerator<T?> values = JsonSerializer
            .DeserializeAsyncEnumerable(stream, DockerJson.Of<T>(), topLevelValues: true, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            try
            {
                if (!await values.MoveNextAsync()) yield break;
            }
            catch (Exception e) when (e is IOException or JsonException)
            {
                throw new DockerStreamException($"The engine's answer broke off during {what}: {e.Message}", e);
            }
            if (values.Current is { } value) yield return value;
        }
    }
}
