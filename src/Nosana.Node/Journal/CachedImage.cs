namespace Nosana.Node.Journal;

/// <summary>An image that this agent pulled. Written before the pull, so that what a killed agent left on the engine is known for its own.</summary>
internal sealed record CachedImage
{
    /// <summary>The reference, written out; the engine's id for an image whose reference has moved on to a newer one.</summary>
    public required string Reference { get; init; }

    /// <summary>The engine's id; null while the pull is under way.</summary>
    public string? ImageId { get; init; }

    /// <summary>With all its layers, those it shares with other images among them.</summary>
    public long Bytes { get; init; }

    /// <summary>Pulled with a job's own account: a job without one has to ask the registry for it.</summary>
    public bool Private { get; init; }

    /// <summary>The market wants it ready.</summary>
    public bool Required { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long LastUsed { get; init; }
}
