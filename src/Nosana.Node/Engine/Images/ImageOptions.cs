using Nosana.Node.Retries;

namespace Nosana.Node.Engine.Images;

/// <summary>How images are pulled.</summary>
internal sealed record PullOptions
{
    /// <summary>Pulls at once; further ones wait.</summary>
    public int Parallel { get; init; } = 3;

    /// <summary>
    /// A try ends after this long without progress: <see cref="LeastBytes"/>, or a layer that is done. There is no limit on a pull that goes on.
    /// </summary>
    public TimeSpan Inactivity { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Less is no progress: 100 kB/s over <see cref="Inactivity"/>. A registry that drips holds a host no longer than one that is silent.</summary>
    public long LeastBytes { get; init; } = 30_000_000;

    /// <summary>Tries, and the time for them, are counted anew after each <see cref="LeastBytes"/>.</summary>
    public RetryTerms Retry { get; init; } = RetryPipelines.ImagePull;
}

/// <summary>How much of the engine's disk the images that this agent pulled may keep.</summary>
internal sealed record ImageCacheOptions
{
    /// <summary>What they may take together, each counted whole although layers may be shared; null is no limit but <see cref="FreeBytes"/>.</summary>
    public long? CacheBytes { get; init; }

    /// <summary>Room is made before a pull when the engine's disk has less left than this: how large an image is, is known only when it is here.</summary>
    public long FreeBytes { get; init; } = 10L << 30;
}
