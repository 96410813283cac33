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

/// <summary>How far a download is.</summary>
/// <param name="CurrentBytes">Here, those of an earlier unfinished download among them.</param>
/// <param name="TotalBytes">Announced; 0 while a file's size is unknown.</param>
/// <param name="FilesDone">Files that are complete.</param>
/// <param name="Files">Files of the resource.</param>
/// <param name="Problem">What a try has met after which another follows; then nothing else is said. Null while it gets on.</param>
internal readonly record struct ResourceProgress(long CurrentBytes, long TotalBytes, int FilesDone, int Files, string? Problem = null);
