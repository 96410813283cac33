namespace Nosana.Node.Engine.Resources;

/// <summary>A cached volume that is kept while this is held. Mount it read-only: others share it.</summary>
internal sealed class ResourceLease(string key, string volumeName, string source, long bytes, bool wasPresent, Action release) : IDisposable
{
    private int _released;

    /// <summary>Name of the content.</summary>
    public string Key { get; } = key;

    public string VolumeName { get; } = volumeName;

    /// <summary>The resource in the words of messages.</summary>
    public string Source { get; } = source;

    public long Bytes { get; } = bytes;

    /// <summary>Whether nothing had to be downloaded.</summary>
    public bool WasPresent { get; } = wasPresent;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0) release();
    }
}
