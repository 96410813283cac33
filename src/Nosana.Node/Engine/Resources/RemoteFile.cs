namespace Nosana.Node.Engine.Resources;

/// <summary>One file of a resource, as its source announces it.</summary>
internal sealed record RemoteFile
{
    /// <summary>Where it goes within the volume; see <see cref="ResourcePath"/>.</summary>
    public required string Path { get; init; }

    /// <summary>Bytes; null when the source does not say.</summary>
    public long? Size { get; init; }

    /// <summary>What changes when the content does; null when the source has nothing of the kind, and the file is then never taken from the cache.</summary>
    public string? Version { get; init; }

    /// <summary>Strong entity tag, with its quotes: a request for a later part names it, so that no file is put together from two.</summary>
    public string? EntityTag { get; init; }

    public RemoteChecksum? Checksum { get; init; }

    /// <summary>The content itself, for files that came with the listing.</summary>
    public byte[]? Content { get; init; }

    /// <summary>Makes the request for the content; asked anew for each try, since signatures expire.</summary>
    public Func<RemoteRequest>? Request { get; init; }

    /// <summary>Whether a download that was cut may go on where it was.</summary>
    public bool Resumable => EntityTag is not null || Checksum is not null;
}
