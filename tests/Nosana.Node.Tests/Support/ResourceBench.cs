using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Docker;
using Nosana.Node.Engine.Resources;
using Nosana.Node.Journal;

namespace Nosana.Node.Tests.Support;

/// <summary>Remote resources that come into volumes of an engine.</summary>
internal sealed class ResourceBench : IDisposable
{
    private readonly ResourceHttp _http;
    private readonly ResourceDownloader _downloader;

    public ResourceBench(IEngineClient engine, JournalStore journal, string stagingDirectory, TimeProvider time, params IReadOnlyList<Mirror> mirrors)
    {
        ResourceOptions options = Options = new ResourceOptions { StagingDirectory = stagingDirectory, Labels = new Dictionary<string, string>(), Mirrors = mirrors };
        _http = new ResourceHttp(options, Policies.Default(time), time);
        _downloader = new ResourceDownloader(_http, options, NullLogger<ResourceDownloader>.Instance, time);
        var filler = new VolumeFiller(engine, options);
        var cache = new ResourceCache(filler, journal, options, NullLogger<ResourceCache>.Instance);
        Store = new ResourceStore(new ResourceSources(_http, options), _downloader, filler, cache, options, NullLogger<ResourceStore>.Instance, time);
    }

    public ResourceStore Store { get; }

    public ResourceOptions Options { get; }

    public void Dispose()
    {
        Store.Dispose();
        _http.Dispose();
    }
}
