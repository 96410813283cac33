using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Nosana.Node.Tests.Exposure;

namespace Nosana.Node.Tests.Engine.Resources;

/// <summary>A server of files on loopback that knows ranges, and misbehaves as a test says.</summary>
internal sealed class RemoteServer : IAsyncDisposable
{
    private ContainerStub _server = null!;

    public Dictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers before the files do; false leaves it to them.</summary>
    public Func<HttpContext, Task<bool>> First { get; set; } = _ => Task.FromResult(false);

    /// <summary>The next answers with content end after this many bytes, one entry each.</summary>
    public ConcurrentQueue<int> Cuts { get; } = new();

    public bool IgnoreRanges { get; set; }

    public string? EntityTag { get; set; } = "\"one\"";

    /// <summary>Method, path and range of every request.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public ConcurrentQueue<string?> Authorizations { get; } = new();

    public string Url => _server.Address.AbsoluteUri.TrimEnd('/');

    public int Gets => Requests.Count(request => request.StartsWith("GET ", StringComparison.Ordinal));

    public static async Task<RemoteServer> StartAsync()
    {
        var server = new RemoteServer();
        server._server = await ContainerStub.StartAsync(server.AnswerAsync);
        return server;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        string range = context.Request.Headers.Range.ToString();
        Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString} {range}".TrimEnd());
        Authorizations.Enqueue(context.Request.Headers.Authorization.FirstOrDefault());
        if (await First(context)) return;
        if (!Files.TryGetValue(context.Request.Path.Value!, out byte[]? content))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        if (EntityTag is not null) context.Response.Headers.ETag = EntityTag;
        if (context.Request.Headers.IfMatch.FirstOrDefault() is { } expected && expected != EntityTag)
        {
            context.Response.StatusCode = StatusCodes.Status412PreconditionFailed;
            return;
        }
        int from = 0, to = content.Length - 1;
        if (range.Length > 0 && !IgnoreRanges)
        {
            string[] ends = range["bytes=".Length..].Split('-');
            from = int.Parse(ends[0], CultureInfo.InvariantCulture);
            if (ends[1].Length > 0) to = int.Parse(ends[1], CultureInfo.InvariantCulture);
            context.Response.StatusCode = StatusCodes.Status206PartialContent;
            context.Response.Headers.ContentRange = $"bytes {from}-{to}/{content.Length}";
        }
        context.Response.ContentLength = to - from + 1;
        if (HttpMethods.IsHead(context.Request.Method)) return;
        if (Cuts.TryDequeue(out int cut))
        {
            await context.Response.Body.WriteAsync(content.AsMemory(from, Math.Min(cut, to - from + 1)));
            return; // less than its header says: Kestrel closes the connection, and what was written arrives
        }
        await context.Response.Body.WriteAsync(content.AsMemory(from, to - from + 1));
    }
}
