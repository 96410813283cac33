using Nosana.Node.Journal;

namespace Nosana.Node.Engine.Resources;

/// <summary>
/// The volumes that hold resources: which content is in which, who uses them, and which of them go when room is needed. The engine itself
/// refuses to remove what a container has, so that a job that outlived its agent keeps its files too.
/// </summary>
internal sealed partial class ResourceCache(VolumeFiller volumes, JournalStore journal, ResourceOptions options, ILogger<ResourceCache> logger,
    Func<string, long>? freeBytes = null)
{
    private readonly Func<string, long> _freeBytes = freeBytes ?? (static path => new DriveInfo(path).AvailableFreeSpace);
    private readonly KeyedLock _contents = new();
    private readonly Dictionary<string, int> _leases = new(StringComparer.Ordinal);

    /// <summary>Only one at a time asks for, makes or removes a content.</summary>
    public Task<IDisposable> EnterAsync(string key, CancellationToken cancellationToken) => _contents.EnterAsync(key, cancellationToken);

    /// <summary>The same for who does not wait; null when somebody is at it.</summary>
    public IDisposable? TryEnter(string key) => _contents.TryEnter(key);

    /// <summary>The content if it is here; called within <see cref="EnterAsync"/>.</summary>
    public async Task<ResourceLease?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (Row(key) is not { } row) return null;
        if (row.Complete && await volumes.ExistsAsync(row.Volume, cancellationToken)) return Lease(row, wasPresent: true);
        await DropAsync(row, cancellationToken);
        return null;
    }

    /// <summary>Makes the content's volume, has it filled, and records it; called within <see cref="EnterAsync"/>.</summary>
    public async Task<ResourceLease> AddAsync(string key, string source, long bytes, Func<string, Task> fill, CancellationToken cancellationToken)
    {
        // Drawn by chance: engines hand over a volume whose name exists, whoever filled it.
        var row = new CachedResource { Key = key, Volume = $"nosana-resource-{Guid.NewGuid():N}", Source = source, Bytes = bytes };
        journal.Save(row);
        try
        {
            await volumes.CreateAsync(row.Volume, key, cancellationToken);
            await fill(row.Volume);
        }
        catch
        {
            await DropAsync(row, CancellationToken.None);
            throw;
        }
        row = row with { Complete = true };
        journal.Save(row);
        return Lease(row, wasPresent: false);
    }

    /// <summary>Sees that there is room for a resource, by removing what nobody uses and what was not used for longest.</summary>
    /// <param name="source">The resource in the words of messages.</param>
    /// <param name="bytes">Its size, less what is downloaded already.</param>
    /// <param name="whole">Its size.</param>
    /// <param name="largestFile">Of each file a second copy lies here for a moment.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="ResourceException">There is none.</exception>
    public async Task MakeRoomAsync(string source, long bytes, long whole, long largestFile, CancellationToken cancellationToken)
    {
        if (whole > options.MaxBytes)
            throw new ResourceException(ResourceFault.TooLarge, $"{source} has {whole} bytes, and a resource may have {options.MaxBytes} at most.");
        if (whole > options.CacheBytes)
            throw new ResourceException(ResourceFault.NoSpace, $"{source} has {whole} bytes, and this host takes resources of at most {options.CacheBytes} "
                + "bytes. The operator can raise that (--resource-cache-gb).");
        foreach (CachedResource row in journal.CachedResources())
        {
            if (HasRoom(bytes, whole, largestFile) is null) return;
            await RemoveUnusedAsync(row, cancellationToken);
        }
        if (HasRoom(bytes, whole, largestFile) is { } missing) throw new ResourceException(ResourceFault.NoSpace, $"{source} has {whole} bytes: {missing}");
    }

    /// <summary>Settles what a killed agent has left: volumes that were not filled, and those that the journal does not know.</summary>
    public async Task RecoverAsync(CancellationToken cancellationToken)
    {
        foreach (CachedResource row in journal.CachedResources().Where(row => !row.Complete)) await DropAsync(row, cancellationToken);
        HashSet<string> known = [.. journal.CachedResources().Select(row => row.Volume)];
        foreach (string volume in (await volumes.RecoverAsync(cancellationToken)).Where(volume => !known.Contains(volume)))
            await volumes.RemoveAsync(volume, cancellationToken);
    }

    /// <summary>Removes everything that no container has.</summary>
    public async Task ClearAsync(CancellationToken cancellationToken)
    {
        foreach (CachedResource row in journal.CachedResources()) await RemoveUnusedAsync(row, cancellationToken);
    }

    private string? HasRoom(long bytes, long whole, long largestFile)
    {
        if (options.CacheBytes is { } budget && journal.CachedResources().Sum(row => row.Bytes) + whole > budget)
            return $"what running jobs use leaves no room for it in the {budget} bytes of this host's cache. "
                + "The operator can raise that (--resource-cache-gb).";
        long free = _freeBytes(options.StagingDirectory);
        return free - options.ReservedBytes < bytes + largestFile ? $"the disk of this host has {free} bytes left. Free space on it." : null;
    }

    private async Task RemoveUnusedAsync(CachedResource row, CancellationToken cancellationToken)
    {
        using IDisposable? held = _contents.TryEnter(row.Key);
        if (held is null || IsLeased(row.Key) || Row(row.Key) is not { } current || !await volumes.RemoveAsync(current.Volume, cancellationToken)) return;
        journal.DeleteResource(row.Key);
        LogRemoved(logger, row.Source, row.Bytes);
    }

    private async Task DropAsync(CachedResource row, CancellationToken cancellationToken)
    {
        await volumes.RemoveAsync(row.Volume, cancellationToken);
        journal.DeleteResource(row.Key);
    }

    private CachedResource? Row(string key) => journal.CachedResources().FirstOrDefault(row => row.Key == key);

    private bool IsLeased(string key)
    {
        lock (_leases) return _leases.ContainsKey(key);
    }

    private ResourceLease Lease(CachedResource row, bool wasPresent)
    {
        lock (_leases) _leases[row.Key] = _leases.GetValueOrDefault(row.Key) + 1;
        journal.TouchResource(row.Key);
        return new ResourceLease(row.Key, row.Volume, row.Source, row.Bytes, wasPresent, () => Release(row.Key));
    }

    private void Release(string key)
    {
        lock (_leases)
        {
            if (--_leases[key] == 0) _leases.Remove(key);
        }
        journal.TouchResource(key);
    }

    [LoggerMessage(3065, LogLevel.Information, "Removed {Source} ({Bytes} bytes) from the cache to make room")]
    private static partial void LogRemoved(ILogger logger, string source, long bytes);
}
