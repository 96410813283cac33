using System.Collections.Concurrent;
using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>A registry with one tiny image, which can lie about it in one way.</summary>
internal sealed class HostileRegistry : IDisposable
{
    public enum Lie
    {
        None,
        GarbageManifest,
        EndlessManifest,
        OtherLayer,
        EndlessLayer,
        LayerElsewhere,
        Silence,
    }

    /// <summary>Where the stand-in for the internet has it, when it speaks TLS.</summary>
    public const string PublicName = "registry.example";

    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";

    private readonly StandInServer _server;
    private readonly Lie _lie;
    private readonly Dictionary<string, byte[]> _blobs = [];
    private readonly byte[] _manifest;
    private readonly TaskCompletionSource _clientGone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="lie">What it lies about.</param>
    /// <param name="isPublic">Whether it is a registry of the internet, with TLS; else it is on loopback, without.</param>
    public HostileRegistry(Lie lie, bool isPublic = false)
    {
        _lie = lie;
        // Its own content each time, so that the engine has none of it already.
        byte[] tar = Layer(Guid.NewGuid().ToString());
        byte[] layer = Compress(tar);
        byte[] config = Encoding.UTF8.GetBytes(
            $$$"""{"architecture":"amd64","os":"linux","config":{"Cmd":["true"]},"rootfs":{"type":"layers","diff_ids":["{{{Digest(tar)}}}"]}}""");
        _blobs[Digest(config)] = config;
        _blobs[Digest(layer)] = lie == Lie.OtherLayer ? [.. layer[..^1], (byte)~layer[^1]] : layer;
        string urls = lie == Lie.LayerElsewhere ? ",\"urls\":[\"http://169.254.169.254/latest/meta-data\"]" : "";
        _manifest = Encoding.UTF8.GetBytes(
            $$$"""
            {"schemaVersion":2,"mediaType":"{{{ManifestType}}}",
             "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":{{{config.Length}}},"digest":"{{{Digest(config)}}}"},
             "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":{{{layer.Length}}},"digest":"{{{Digest(layer)}}}"{{{urls}}}}]}
            """);
        _server = new StandInServer(AnswerAsync, isPublic);
        Address = isPublic ? PublicName : $"127.0.0.1:{_server.Port}";
        Image = $"{Address}/hostile/image:1";
    }

    public int Port => _server.Port;

    /// <summary>As images name it.</summary>
    public string Address { get; }

    /// <summary>Reference of the image.</summary>
    public string Image { get; }

    /// <summary>Where it sends those who bring no token; null lets everybody in.</summary>
    public Uri? Realm { get; init; }

    /// <summary>Where it sends those who ask for manifests.</summary>
    public Uri? ManifestsElsewhere { get; init; }

    /// <summary>Where it sends those who ask for layers and configurations.</summary>
    public Uri? BlobsElsewhere { get; init; }

    /// <summary>What it was told of who asks, with each request.</summary>
    public ConcurrentQueue<string> Authorizations { get; } = new();

    /// <summary>Completes when the client of an answer without an end has hung up.</summary>
    public Task ClientGone => _clientGone.Task;

    public void Dispose() => _server.Dispose();

    private Task AnswerAsync(HttpContext http)
    {
        string path = http.Request.Path.Value!;
        string authorization = http.Request.Headers.Authorization.ToString();
        Authorizations.Enqueue(authorization);
        http.Response.Headers["Docker-Distribution-API-Version"] = "registry/2.0";
        if (Realm is not null && authorization.Length == 0)
        {
            http.Response.StatusCode = (int)HttpStatusCode.Unauthorized;
            http.Response.Headers.WWWAuthenticate = $"Bearer realm=\"{Realm}\",service=\"hostile\",scope=\"repository:hostile/image:pull\"";
            return Task.CompletedTask;
        }
        if (path == "/v2/") return Task.CompletedTask;
        bool isManifest = path.Contains("/manifests/", StringComparison.Ordinal);
        if ((isManifest ? ManifestsElsewhere : BlobsElsewhere) is { } elsewhere)
        {
            http.Response.Redirect(elsewhere.AbsoluteUri);
            return Task.CompletedTask;
        }
        if (isManifest) return ManifestAsync(http);
        string digest = path[(path.LastIndexOf('/') + 1)..];
        if (_blobs.TryGetValue(digest, out byte[]? blob)) return BlobAsync(http, blob);
        http.Response.StatusCode = (int)HttpStatusCode.NotFound;
        return Task.CompletedTask;
    }

    private Task ManifestAsync(HttpContext http) => _lie switch
    {
        Lie.GarbageManifest => SendAsync(http, ManifestType, [0xff, 0xfe, .. RandomNumberGenerator.GetBytes(4096)]),
        Lie.EndlessManifest => EndlessAsync(http),
        Lie.Silence => UntilGoneAsync(http),
        _ => SendAsync(http, ManifestType, _manifest),
    };

    private Task BlobAsync(HttpContext http, byte[] blob) => _lie == Lie.EndlessLayer && blob[0] != '{'
        ? EndlessAsync(http)
        : SendAsync(http, "application/octet-stream", blob);

    private static async Task SendAsync(HttpContext http, string type, byte[] content)
    {
        http.Response.ContentType = type;
        http.Response.ContentLength = content.Length;
        http.Response.Headers["Docker-Content-Digest"] = Digest(content);
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(content, http.RequestAborted);
    }

    /// <summary>White space, which is JSON that may still become a manifest, as fast as it is taken.</summary>
    private async Task EndlessAsync(HttpContext http)
    {
        http.Response.ContentType = ManifestType;
        byte[] blank = new byte[64 * 1024];
        blank.AsSpan().Fill((byte)' ');
        try
        {
            while (true) await http.Response.Body.WriteAsync(blank, http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            _clientGone.TrySetResult();
        }
    }

    private static async Task UntilGoneAsync(HttpContext http)
    {
        var gone = new TaskCompletionSource();
        await using CancellationTokenRegistration registration = http.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    private static byte[] Layer(string content)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, leaveOpen: true))
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "file") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) });
        return stream.ToArray();
    }

    private static byte[] Compress(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var zip = new GZipStream(stream, CompressionLevel.Fastest)) zip.Write(content);
        return stream.ToArray();
    }

    private static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
}
