using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Nosana.Node.Engine.Disk;

namespace Nosana.Node.Engine.Registry;

/// <summary>
/// The registry that the engine pulls from: a listener on loopback that passes on what is pulled at the moment and nothing else. Who does not
/// know the name of a pull gets nothing, so that nobody on the machine fetches anything through it.
/// </summary>
internal sealed class PullEndpoint(RegistryOptions options, EngineDisk disk, ILoggerFactory loggers) : IAsyncDisposable
{
    /// <summary>Far more than an engine downloads at once.</summary>
    private const int MaxConnections = 256;

    /// <summary>Of one layer, on its way to the engine.</summary>
    private const int BufferedBytes = 1 << 20;

    private const string VersionHeader = "Docker-Distribution-API-Version", DigestHeader = "Docker-Content-Digest";

    private readonly ConcurrentDictionary<string, OngoingPull> _pulls = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _starting = new(1);
    private WebApplication? _app;
    private int _port;

    /// <summary>Lets the engine fetch an image until the pull is disposed.</summary>
    /// <returns>The pull, and the reference by which the engine finds it.</returns>
    public async Task<(OngoingPull Pull, string Reference)> OpenAsync(RemoteImage image, CancellationToken cancellationToken)
    {
        await StartAsync(cancellationToken);
        var pull = new OngoingPull(image, closed => _pulls.TryRemove(closed.Name, out _));
        _pulls[pull.Name] = pull;
        return (pull, $"127.0.0.1:{_port}/{pull.Name}@{image.Digest}");
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _app, null) is { } app)
        {
            await app.StopAsync(new CancellationToken(canceled: true));
            await app.DisposeAsync();
        }
        _starting.Dispose();
    }

    /// <summary>It listens from the first pull on: an agent that pulls nothing has no such port.</summary>
    private async Task StartAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (_app is not null) return;
            // An empty builder: no configuration or environment variable of the agent's own may move this listener.
            WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
            builder.Services.AddSingleton(loggers);
            builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
            builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                kestrel.Limits.MaxRequestBodySize = 0;
                kestrel.Limits.MinResponseDataRate = null; // an engine unpacks while it loads
                kestrel.Limits.MaxConcurrentConnections = MaxConnections;
                kestrel.Limits.MaxResponseBufferSize = BufferedBytes;
                kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.Protocols = HttpProtocols.Http1);
            });
            WebApplication app = builder.Build();
            app.Run(AnswerAsync);
            await app.StartAsync(cancellationToken);
            _port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
            _app = app;
        }
        finally
        {
            _starting.Release();
        }
    }

    private Task AnswerAsync(HttpContext http)
    {
        http.Response.Headers[VersionHeader] = "registry/2.0";
        string path = http.Request.Path.Value ?? "";
        if (path == "/v2/") return Task.CompletedTask;
        if ((HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)) && Find(path) is var (pull, kind, digest))
        {
            RemoteImage image = pull.Image;
            if (kind == "manifests" && digest == image.Digest) return SendAsync(http, image.MediaType, digest, image.Manifest);
            if (kind == "blobs" && digest == image.Config.Digest) return SendAsync(http, "application/octet-stream", digest, image.ConfigContent);
            if (kind == "blobs" && image.Layers.FirstOrDefault(layer => layer.Digest == digest) is { } found) return PassOnAsync(http, pull, found);
        }
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    /// <summary><c>/v2/NAME/KIND/DIGEST</c>, with a name of two parts.</summary>
    private (OngoingPull Pull, string Kind, string Digest)? Find(string path)
    {
        if (path.Split('/') is not ["", "v2", var first, var second, var kind, var digest]) return null;
        if (!_pulls.TryGetValue($"{first}/{second}", out OngoingPull? pull)) return null;
        pull.MarkAsked();
        return (pull, kind, digest);
    }

    private static async Task SendAsync(HttpContext http, string type, string digest, byte[] content)
    {
        Announce(http, type, digest, content.Length);
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(content, http.RequestAborted);
    }

    private async Task PassOnAsync(HttpContext http, OngoingPull pull, ImagePart layer)
    {
        long from = FirstByte(http.Request.Headers.Range, layer.Size);
        if (from > 0)
        {
            http.Response.StatusCode = StatusCodes.Status206PartialContent;
            http.Response.Headers.ContentRange = $"bytes {from}-{layer.Size - 1}/{layer.Size}";
        }
        Announce(http, "application/octet-stream", layer.Digest, layer.Size - from);
        if (HttpMethods.IsHead(http.Request.Method)) return;
        long wanted = pull.Want(layer);
        long left = layer.Size;
        try
        {
            if (await disk.FreeBytesAsync(http.RequestAborted) is { } free && free < wanted) throw NoSpace(pull.Image, wanted, free);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, pull.Failed);
            var transfer = new LayerTransfer(pull.Image.Session, layer, options);
            await http.Response.StartAsync(either.Token);
            await transfer.CopyAsync(from, http.Response.BodyWriter, moved =>
            {
                left -= moved;
                pull.Move(layer, moved, layer.Size - left);
            }, either.Token);
        }
        catch (EngineException exception)
        {
            pull.Fail(exception);
            http.Abort(); // an answer that ends early is not taken for a whole one
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            http.Abort(); // the engine went away, or the pull has failed elsewhere
        }
        finally
        {
            pull.Give(left);
        }
    }

    private static EngineException NoSpace(RemoteImage image, long wanted, long free) => new(EngineFault.NoSpace,
        $"Image {image.Reference.Canonical} cannot be pulled: {wanted} bytes of it are still to come, before they are unpacked, and {free} are free. "
            + "Free space on the disk of the engine's data directory.");

    private static void Announce(HttpContext http, string type, string digest, long length)
    {
        http.Response.ContentType = type;
        http.Response.ContentLength = length;
        http.Response.Headers[DigestHeader] = digest;
        http.Response.Headers.AcceptRanges = "bytes";
    }

    /// <summary>The first byte of <c>bytes=N-</c>; anything else is answered with the whole.</summary>
    private static long FirstByte(string? range, long size) =>
        range is not null && range.StartsWith("bytes=", StringComparison.Ordinal) && range.EndsWith('-')
            && long.TryParse(range["bytes=".Length..^1], out long first) && first > 0 && first < size ? first : 0;

    /// <summary>The default one would listen for Ctrl-C and SIGTERM itself.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
