using Microsoft.Extensions.Logging.Abstractions;
using Nosana.Node.Engine.Disk;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Journal;

namespace Nosana.Node.Tests.Support;

/// <summary>Images on a <see cref="FakeEngine"/>, with a journal that the next bench goes on with.</summary>
internal sealed class ImageBench : IDisposable
{
    private readonly ImageBench? _before;
    private readonly ImagePuller _puller;
    private readonly ImageCache _cache;

    /// <param name="before">The bench of an agent that is gone.</param>
    public ImageBench(FakeEngine engine, TimeProvider time, ImageCacheOptions? options = null, Func<long>? freeBytes = null, ImageBench? before = null)
    {
        _before = before;
        Journal = before?.Journal ?? JournalStore.InMemory(time);
        _puller = new ImagePuller(engine, new EngineDelivery(engine, new DockerConfigFile("/nonexistent/config.json")), new PullOptions(), NullLogger<ImagePuller>.Instance, time);
        _cache = new ImageCache(engine, _puller, new EngineDisk(engine, isHere: true, freeBytes is null ? null : _ => freeBytes()), Journal, options ?? new ImageCacheOptions(), NullLogger<ImageCache>.Instance);
        Store = new ImageStore(_puller, _cache, NullLogger<ImageStore>.Instance);
    }

    public JournalStore Journal { get; }

    public ImageStore Store { get; }

    public void Dispose()
    {
        _cache.Dispose();
        _puller.Dispose();
        if (_before is null) Journal.Dispose();
    }
}
