namespace Nosana.Node.Journal;

/// <summary>A cached remote resource. Written before its volume is made, so that a volume that was not filled is known for one after a kill.</summary>
internal sealed record CachedResource
{
    /// <summary>Names the content.</summary>
    public required string Key { get; init; }

    /// <summary>Name of the volume on the engine.</summary>
    public required string Volume { get; init; }

    /// <summary>The resource in the words of messages.</summary>
    public required string Source { get; init; }

    public long Bytes { get; init; }

    /// <summary>Whether the volume holds all of it.</summary>
    public bool Complete { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long LastUsed { get; init; }
}
