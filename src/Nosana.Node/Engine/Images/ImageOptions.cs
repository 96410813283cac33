using Nosana.Node.Retries;

namespace Nosana.Node.Engine.Images;

/// <summary>How images are pulled.</summary>
internal sealed record PullOptions
{
    /// <summary>Pulls at once; further ones wait.</summary>
    public int Parallel { get; init; } = 3;

    /// <summary>A try ends after this long without a message of the engine. There is no limit on a pull that goes on.</summary>
    public TimeSpan Inactivity { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A byte of progress is progress.</summary>
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
