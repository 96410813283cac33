using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Nosana.EndToEnd.Tests.Faults;

/// <summary>A docker-registry of its own on loopback, which can be killed and started again at the same port. It keeps what was pushed.</summary>
internal sealed class LoopbackRegistry : IAsyncDisposable
{
    public const string Repository = "ballast";

    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60), Pause = TimeSpan.FromMilliseconds(20);

    private readonly string _directory = Directory.CreateTempSubdirectory("registry-").FullName;
    private readonly HttpClient _http = new();
    private Process? _process;

    private LoopbackRegistry()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Port = ((IPEndPoint)probe.LocalEndpoint).Port;
        _http.BaseAddress = new Uri($"http://127.0.0.1:{Port}/v2/");
    }

    public int Port { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Starts one that has <c>ballast:1</c>: a static busybox and a file <c>/ballast</c> of random bytes.</summary>
    /// <returns>The registry and the SHA-256 of the file.</returns>
    public static async Task<(LoopbackRegistry Registry, string Digest)> StartAsync(int ballast)
    {
        var registry = new LoopbackRegistry();
        await registry.StartAsync();
        byte[] content = RandomNumberGenerator.GetBytes(ballast);
        await registry.PushAsync(content);
        return (registry, Convert.ToHexStringLower(SHA256.HashData(content)));
    }

    public async Task StartAsync()
    {
        string configuration = Path.Combine(_directory, "registry.yml");
        await File.WriteAllTextAsync(configuration, $$$"""
            version: 0.1
            log: {level: error, accesslog: {disabled: true}}
            storage: {filesystem: {rootdirectory: {{{_directory}}}/data}}
            http: {addr: "127.0.0.1:{{{Port}}}"}
            """, Token);
        _process = Process.Start("docker-registry", ["serve", configuration]);
        long began = Stopwatch.GetTimestamp();
        while (!_process.HasExited && Stopwatch.GetElapsedTime(began) < Deadline)
        {
            try
            {
                using HttpResponseMessage answer = await _http.GetAsync("", Token);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // it does not listen yet
            }
            await Task.Delay(Pause, Token);
        }
        throw new TimeoutException(_process.HasExited ? $"docker-registry ended with {_process.ExitCode}." : $"docker-registry did not serve within {Deadline}.");
    }

    /// <summary>As a crash: connections break in the middle of what they carry.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync(Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false }) _process.Kill();
        if (_process is not null) await _process.WaitForExitAsync(CancellationToken.None);
        _process?.Dispose();
        _http.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task PushAsync(byte[] ballast)
    {
        byte[] tar = Layer(ballast), layer = Compress(tar);
        byte[] config = Encoding.UTF8.GetBytes(
            $$$"""{"architecture":"amd64","os":"linux","config":{"Cmd":["/bin/busybox"]},"rootfs":{"type":"layers","diff_ids":["{{{DigestOf(tar)}}}"]}}""");
        await PushBlobAsync(config);
        await PushBlobAsync(layer);
        using var manifest = new StringContent(
            $$$"""
            {"schemaVersion":2,"mediaType":"{{{ManifestType}}}",
             "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":{{{config.Length}}},"digest":"{{{DigestOf(config)}}}"},
             "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":{{{layer.Length}}},"digest":"{{{DigestOf(layer)}}}"}]}
            """, new MediaTypeHeaderValue(ManifestType));
        using HttpResponseMessage answer = await _http.PutAsync($"{Repository}/manifests/1", manifest, Token);
        answer.EnsureSuccessStatusCode();
    }

    private async Task PushBlobAsync(byte[] blob)
    {
        using HttpResponseMessage begun = await _http.PostAsync($"{Repository}/blobs/uploads/", null, Token);
        begun.EnsureSuccessStatusCode();
        var place = new Uri(_http.BaseAddress!, begun.Headers.Location!);
        using var content = new ByteArrayContent(blob);
        using HttpResponseMessage answer = await _http.PutAsync(new Uri($"{place.AbsoluteUri}{(place.Query.Length == 0 ? '?' : '&')}digest={Uri.EscapeDataString(DigestOf(blob))}"), content, Token);
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
