using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Nosana.Node.Tests.Engine.Registry;

/// <summary>A registry on loopback, without TLS, with one image; a test changes single answers.</summary>
internal sealed class FakeRegistry : IAsyncDisposable
{
    public const string ManifestType = "application/vnd.oci.image.manifest.v1+json", IndexType = "application/vnd.oci.image.index.v1+json";

    private readonly WebApplication _server;

    public FakeRegistry()
    {
        Layer = RandomNumberGenerator.GetBytes(300_000);
        Config = Encoding.UTF8.GetBytes("""{"os":"linux","architecture":"amd64","config":{"Env":["PATH=/bin","NVIDIA_REQUIRE_CUDA=cuda>=12.4"]}}""");
        Manifest = ManifestOf(Config, Layer);
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        _server = builder.Build();
        _server.Run(AnswerAsync);
        _server.StartAsync().GetAwaiter().GetResult();
        Address = $"127.0.0.1:{new Uri(_server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port}";
    }

    public string Address { get; }

    public byte[] Layer { get; set; }

    public byte[] Config { get; set; }

    public byte[] Manifest { get; set; }

    /// <summary>What a tag leads to; the manifest itself where nothing is said.</summary>
    public byte[]? Index { get; set; }

    /// <summary>Method, path and <c>Authorization</c> of each request, in order.</summary>
    public ConcurrentQueue<(string Path, string Authorization, string Range)> Requests { get; } = new();

    /// <summary>Answers in place of the registry; false leaves it to it.</summary>
    public Func<HttpContext, Task<bool>> Instead { get; set; } = _ => Task.FromResult(false);

    public static string DigestOf(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    public static byte[] ManifestOf(byte[] config, params byte[][] layers) => Encoding.UTF8.GetBytes(
        $$$"""{"schemaVersion":2,"mediaType":"{{{ManifestType}}}","config":{{{PartOf(config)}}},"layers":[{{{string.Join(',', layers.Select(PartOf))}}}]}""");

    public static byte[] IndexOf(params (byte[] Manifest, string System, string Architecture)[] all) => Encoding.UTF8.GetBytes(
        $$$"""{"schemaVersion":2,"mediaType":"{{{IndexType}}}","manifests":[{{{string.Join(',', all.Select(one =>
            $$$"""{"digest":"{{{DigestOf(one.Manifest)}}}","size":{{{one.Manifest.Length}}},"platform":{"os":"{{{one.System}}}","architecture":"{{{one.Architecture}}}"}}"""))}}}]}""");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static string PartOf(byte[] content) => $$$"""{"digest":"{{{DigestOf(content)}}}","size":{{{content.Length}}}}""";

    private async Task AnswerAsync(HttpContext http)
    {
        string path = http.Request.Path.Value!;
        Requests.Enqueue((path, http.Request.Headers.Authorization.ToString(), http.Request.Headers.Range.ToString()));
        if (await Instead(http)) return;
        string last = path[(path.LastIndexOf('/') + 1)..];
        byte[]? content = path == "/v2/" ? [] : path.Contains("/manifests/", StringComparison.Ordinal) && !last.Contains(':') ? Index ?? Manifest
            : new[] { Manifest, Config, Layer, Index ?? [] }.FirstOrDefault(one => DigestOf(one) == last);
        if (content is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        int from = 0;
        if (http.Request.Headers.Range.ToString() is { Length: > 0 } range)
        {
            from = int.Parse(range["bytes=".Length..^1], System.Globalization.CultureInfo.InvariantCulture);
            http.Response.StatusCode = StatusCodes.Status206PartialContent;
            http.Response.Headers.ContentRange = $"bytes {from}-{content.Length - 1}/{content.Length}";
        }
        http.Response.ContentLength = content.Length - from;
        await http.Response.Body.WriteAsync(content.AsMemory(from), http.RequestAborted);
    }
}
