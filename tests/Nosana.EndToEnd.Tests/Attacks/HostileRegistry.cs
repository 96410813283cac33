using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Nosana.EndToEnd.Tests.Attacks;

/// <summary>A registry on loopback with one tiny image, which can lie about it in one way.</summary>
internal sealed class HostileRegistry : IDisposable
{
    public enum Lie
    {
        None,
        GarbageManifest,
        EndlessManifest,
        OtherLayer,
        Silence,
    }

    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";

    private readonly WebApplication _server;
    private readonly Lie _lie;
    private readonly Dictionary<string, byte[]> _blobs = [];
    private readonly byte[] _manifest;
    private readonly TaskCompletionSource _clientGone = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HostileRegistry(Lie lie)
    {
        _lie = lie;
        // Its own content each time, so that the engine has none of it already.
        byte[] tar = Layer(Guid.NewGuid().ToString());
        byte[] layer = Compress(tar);
        byte[] config = Encoding.UTF8.GetBytes(
            $$$"""{"architecture":"amd64","os":"linux","config":{"Cmd":["true"]},"rootfs":{"type":"layers","diff_ids":["{{{Digest(tar)}}}"]}}""");
        _blobs[Digest(config)] = config;
        _blobs[Digest(layer)] = lie == Lie.OtherLayer ? [.. layer[..^1], (byte)~layer[^1]] : layer;
        _manifest = Encoding.UTF8.GetBytes(
            $$$"""
            {"schemaVersion":2,"mediaType":"{{{ManifestType}}}",
             "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":{{{config.Length}}},"digest":"{{{Digest(config)}}}"},
             "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":{{{layer.Length}}},"digest":"{{{Digest(layer)}}}"}]}
            """);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(AnswerAsync);
        _server.StartAsync().GetAwaiter().GetResult();
        var address = new Uri(_server.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        Address = $"127.0.0.1:{address.Port}";
        Image = $"{Address}/hostile/image:1";
    }

    public string Address { get; }

    /// <summary>Reference of the image.</summary>
    public string Image { get; }

    /// <summary>Completes when the client of an answer without an end has hung up.</summary>
    public Task ClientGone => _clientGone.Task;

    public void Dispose()
    {
        _server.StopAsync(new CancellationToken(canceled: true)).GetAwaiter().GetResult();
        ((IDisposable)_server).Dispose();
    }

    private Task AnswerAsync(HttpContext http)
    {
        string path = http.Request.Path.Value!;
        http.Response.Headers["Docker-Distribution-API-Version"] = "registry/2.0";
        if (path == "/v2/") return Task.CompletedTask;
        if (path.Contains("/manifests/", StringComparison.Ordinal)) return ManifestAsync(http);
        string digest = path[(path.LastIndexOf('/') + 1)..];
        if (_blobs.TryGetValue(digest, out byte[]? blob)) return SendAsync(http, "application/octet-stream", blob);
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

    private static async Task SendAsync(HttpContext http, string type, byte[] content)
    {
        http.Response.ContentType = type;
        http.Response.ContentLength = content.Length;
        http.Response.Headers["Docker-Content-Digest"] = Digest(content);
        if (!HttpMethods.IsHead(http.Request.Method)) await http.Response.Body.WriteAsync(content, http.RequestAborted);
    }

    /// <summary>White space, which is JSON that may still become a manifest, at some 40 KB a second.</summary>
    private async Task EndlessAsync(HttpContext http)
    {
        http.Response.ContentType = ManifestType;
        byte[] blank = new byte[1024];
        blank.AsSpan().Fill((byte)' ');
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(25));
        try
        {
            while (await pace.WaitForNextTickAsync(http.RequestAborted)) await http.Response.Body.WriteAsync(blank, http.RequestAborted);
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
