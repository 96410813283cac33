using Microsoft.Extensions.Logging.Abstractions;
using Nosana.JobDefinition.Model;
using Nosana.Node.Engine;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Retries;
using Nosana.Node.Tests.Logs;
using Nosana.Node.Tests.Support;

namespace Nosana.Node.Tests.Engine.Resources;

/// <summary>The parts that ask a source and download, with waits of no length.</summary>
internal sealed class Fetching : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ResourceHttp _http;
    private readonly ResourceDownloader _downloader;
    private readonly StallWatch _watch = new(StallWatch.Longest, TimeProvider.System);

    public Fetching(Func<ResourceOptions, ResourceOptions>? change = null, TimeProvider? clock = null)
    {
        var options = new ResourceOptions
        {
            StagingDirectory = _directory.Path,
            Labels = new Dictionary<string, string>(),
            Retry = RetryPipelines.ResourceDownload with { FirstWait = TimeSpan.Zero, LongestWait = TimeSpan.Zero, Tries = 3 },
        };
        Options = change?.Invoke(options) ?? options;
        _http = new ResourceHttp(Options, Policies.Default(clock), clock);
        _downloader = new ResourceDownloader(_http, Options, NullLogger<ResourceDownloader>.Instance, clock);
        Sources = new ResourceSources(_http, Options);
    }

    public ResourceOptions Options { get; }

    public ResourceSources Sources { get; }

    public string Staging => Path.Combine(_directory.Path, "content");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static S3Resource S3(string? url, params string[] files) => new("/data", url, files, null, [], false, null);

    public Task<ResourceListing> ListAsync(Resource resource) => Sources.Of(resource).ListAsync(Token);

    public async Task<Dictionary<string, byte[]>> FetchAsync(Resource resource) => await DownloadAsync(await ListAsync(resource));

    public async Task<Dictionary<string, byte[]>> DownloadAsync(ResourceListing listing, IProgress<ResourceProgress>? progress = null)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (StagedFile file in await _downloader.DownloadAsync(listing, Staging, progress, _watch, Token))
        {
            await using PartsStream content = file.OpenRead();
            using var whole = new MemoryStream();
            await content.CopyToAsync(whole, Token);
            Assert.Equal(file.Bytes, whole.Length);
            files[file.Path] = whole.ToArray();
        }
        return files;
    }

    public void Dispose()
    {
        _watch.Dispose();
        _http.Dispose();
        _directory.Dispose();
    }
}
