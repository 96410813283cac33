using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Nosana.EndToEnd.Tests.Support;

namespace Nosana.EndToEnd.Tests.Faults;

/// <summary>An image that takes a while to pull: a static busybox and a file <c>/ballast</c> of random bytes.</summary>
internal static class BallastImage
{
    private const string Name = "ballast", ManifestType = "application/vnd.docker.distribution.manifest.v2+json";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The image, at the port where an engine reaches its registry.</summary>
    public static string At(int port) => $"127.0.0.1:{port}/{Name}:1";

    /// <param name="bytes">Size of the file.</param>
    /// <param name="architecture">What the image says that it is for.</param>
    /// <returns>The SHA-256 of the file.</returns>
    public static async Task<string> PushAsync(LoopbackRegistry registry, int bytes, string architecture = "amd64")
    {
        using var http = new HttpClient { BaseAddress = registry.Api };
        byte[] ballast = RandomNumberGenerator.GetBytes(bytes);
        await PushAsync(http, ballast, architecture);
        return Convert.ToHexStringLower(SHA256.HashData(ballast));
    }

    private static async Task PushAsync(HttpClient http, byte[] ballast, string architecture)
    {
        byte[] tar = Layer(ballast), layer = Compress(tar);
        byte[] config = Encoding.UTF8.GetBytes(
            $$$"""{"architecture":"{{{architecture}}}","os":"linux","config":{"Cmd":["/bin/busybox"]},"rootfs":{"type":"layers","diff_ids":["{{{DigestOf(tar)}}}"]}}""");
        await PushBlobAsync(http, config);
        await PushBlobAsync(http, layer);
        using var manifest = new StringContent(
            $$$"""
            {"schemaVersion":2,"mediaType":"{{{ManifestType}}}",
             "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":{{{config.Length}}},"digest":"{{{DigestOf(config)}}}"},
             "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":{{{layer.Length}}},"digest":"{{{DigestOf(layer)}}}"}]}
            """, new MediaTypeHeaderValue(ManifestType));
        using HttpResponseMessage answer = await http.PutAsync($"{Name}/manifests/1", manifest, Token);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task PushBlobAsync(HttpClient http, byte[] blob)
    {
        using HttpResponseMessage begun = await http.PostAsync($"{Name}/blobs/uploads/", null, Token);
        begun.EnsureSuccessStatusCode();
        var place = new Uri(http.BaseAddress!, begun.Headers.Location!);
        using var content = new ByteArrayContent(blob);
        var whole = new Uri($"{place.AbsoluteUri}{(place.Query.Length == 0 ? '?' : '&')}digest={Uri.EscapeDataString(DigestOf(blob))}");
        using HttpResponseMessage answer = await http.PutAsync(whole, content, Token);
        answer.EnsureSuccessStatusCode();
    }

    private static byte[] Layer(byte[] ballast)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, leaveOpen: true))
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "bin/busybox") { Mode = (UnixFileMode)0b111_101_101, DataStream = new MemoryStream(File.ReadAllBytes("/bin/busybox")) });
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "ballast") { DataStream = new MemoryStream(ballast) });
        }
        return stream.ToArray();
    }

    private static byte[] Compress(byte[] content)
    {
        using var stream = new MemoryStream();
        using (var zip = new GZipStream(stream, CompressionLevel.Fastest)) zip.Write(content);
        return stream.ToArray();
    }

    private static string DigestOf(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
}
