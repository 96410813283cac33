using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace Nosana.EndToEnd.Tests.Corpus.Sources;

/// <summary>Ollama's registry: manifests as they are, blobs by way of another address.</summary>
internal sealed class OllamaStandIn
{
    private readonly ConcurrentDictionary<string, string> _blobs = new();

    public Task AnswerAsync(HttpContext context)
    {
        switch (context.Request.Path.Value!.Trim('/').Split('/'))
        {
            case ["v2", "library", var name, "manifests", var tag]:
                IReadOnlyDictionary<string, string> files = RemoteFiles.Model($"{name}:{tag}");
                foreach ((string path, string content) in files) _blobs[path] = content;
                context.Response.ContentType = "application/vnd.docker.distribution.manifest.v2+json";
                return context.Response.WriteAsync(files.Single(pair => pair.Key.StartsWith("manifests/", StringComparison.Ordinal)).Value, context.RequestAborted);
            case ["v2", "library", _, "blobs", var digest] when _blobs.ContainsKey($"blobs/{digest.Replace(':', '-')}"):
                context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
                context.Response.Headers.Location = $"/storage/{digest}";
                return Task.CompletedTask;
            case ["storage", var digest] when _blobs.TryGetValue($"blobs/{digest.Replace(':', '-')}", out string? blob):
                return context.Response.WriteAsync(blob, context.RequestAborted);
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
        }
    }
}
