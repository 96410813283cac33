using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Nosana.EndToEnd.Tests.Corpus.Sources;

/// <summary>Hugging Face's hub: the tree of a repository in pages, small files as they are, large ones by way of another address.</summary>
internal static class HuggingFaceStandIn
{
    private const int PageSize = 2;

    public static Task AnswerAsync(HttpContext context)
    {
        string[] path = context.Request.Path.Value!.Trim('/').Split('/');
        if (path is ["api", "models", var owner, var name, "tree", "main"] && RemoteFiles.Repositories.TryGetValue($"{owner}/{name}", out var listed)) return ListAsync(context, listed);
        if (path is [var of, var repository, "resolve" or "lfs", "main", .. var rest]
            && RemoteFiles.Repositories.TryGetValue($"{of}/{repository}", out var files) && files.TryGetValue(string.Join('/', rest), out string? content))
        {
            if (path[2] == "lfs" || !IsLarge(rest[^1])) return context.Response.WriteAsync(content, context.RequestAborted);
            context.Response.Redirect($"/{of}/{repository}/lfs/main/{string.Join('/', rest)}");
            return Task.CompletedTask;
        }
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static Task ListAsync(HttpContext context, IReadOnlyDictionary<string, string> files)
    {
        int from = int.Parse(context.Request.Query["cursor"].FirstOrDefault() ?? "0", CultureInfo.InvariantCulture);
        if (from + PageSize < files.Count) context.Response.Headers.Link = $"<http://{context.Request.Host}{context.Request.Path}?recursive=true&cursor={from + PageSize}>; rel=\"next\"";
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(new JsonArray([.. files.Skip(from).Take(PageSize).Select(pair => Entry(pair.Key, Encoding.UTF8.GetBytes(pair.Value)))]).ToJsonString(), context.RequestAborted);
    }

    private static JsonObject Entry(string path, byte[] content)
    {
        var entry = new JsonObject { ["type"] = "file", ["path"] = path, ["size"] = content.Length, ["oid"] = GitBlob(content) };
        if (IsLarge(path)) entry["lfs"] = new JsonObject { ["oid"] = Convert.ToHexStringLower(SHA256.HashData(content)), ["size"] = content.Length, ["pointerSize"] = 135 };
        return entry;
    }

    private static bool IsLarge(string path) => path.EndsWith(".safetensors", StringComparison.Ordinal);

#pragma warning disable CA5350 // Git names its blobs so
    private static string GitBlob(byte[] content) => Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));
#pragma warning restore CA5350
}
