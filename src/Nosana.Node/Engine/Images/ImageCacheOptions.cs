namespace Nosana.Node.Engine.Images;

/// <summary>How much of the engine's disk the images that this agent pulled may keep.</summary>
internal sealed record ImageCacheOptions
{
    /// <summary>What they may take together, each counted whole although layers may be shared; null is no limit but <see cref="FreeBytes"/>.</summary>
    public long? CacheBytes { get; init; }

    /// <summary>Room is made before a pull when the engine's disk has less left than this: how large an image is, is known only when it is here.</summary>
    public long FreeBytes { get; init; } = 10L << 30;
}
