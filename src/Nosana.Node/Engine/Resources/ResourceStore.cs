using Nosana.JobDefinition.Model;
using Nosana.Node.Files;

namespace Nosana.Node.Engine.Resources;

/// <summary>
/// Remote resources in volumes of the engine. Each use asks the source what there is now, with the job's own credentials; content that is
/// here already is then shared, and only what is new is downloaded. Two who ask for one content at once share one download.
/// </summary>
internal sealed partial class ResourceStore(
    ResourceSources sources, ResourceDownloader downloader, VolumeFiller volumes, ResourceCache cache, ResourceOptions options, ILogger<ResourceStore> logger,
    TimeProvider? time = null) : IDisposable
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly SemaphoreSlim _recovering = new(1);
    private bool _recovered;

    /// <summary>Sees that the resource is in a volume, and keeps it there until the lease is disposed.</summary>
    /// <param name="resource">What to fetch, with all placeholders resolved.</param>
    /// <param name="progress">Called while something is downloaded.</param>
    /// <param name="patience">How long it may stand still, see <see cref="StallWatch.LimitOf"/>.</param>
    /// <param name="cancellationToken">Ends it; the next who asks goes on where it was.</param>
    /// <exception cref="ResourceException">It cannot be had.</exception>
    /// <exception cref="EngineException">The engine cannot hold it.</exception>
    public async Task<ResourceLease> AcquireAsync(Resource resource, IProgress<ResourceProgress>? progress, TimeSpan patience,
        CancellationToken cancellationToken)
    {
        await RecoverAsync(cancellationToken);
        long asked = _time.GetTimestamp();
        ResourceListing listing = Checked(await WatchedAsync(resource, patience, progress,
            (watch, cancel) => new ResourceRetry(options, logger, _time).RunAsync(sources.Of(resource).ListAsync, null, watch, cancel), cancellationToken));
        TimeSpan silent = _time.GetElapsedTime(asked);
        string key = listing.Key();
        using IDisposable held = await cache.EnterAsync(key, cancellationToken);
        if (await cache.FindAsync(key, cancellationToken) is { } present)
        {
            LogPresent(logger, present.Source, present.Bytes);
            return present;
        }
        string directory = Path.Combine(options.StagingDirectory, key);
        await MakeRoomAsync(listing, directory, silent, cancellationToken);
        long began = _time.GetTimestamp();
        IReadOnlyList<StagedFile> files = await WatchedAsync(resource, patience, progress,
            (watch, cancel) => DownloadAsync(listing, directory, progress, watch, cancel), cancellationToken);
        long bytes = files.Sum(file => file.Bytes);
        ResourceLease lease = await cache.AddAsync(key, listing.Source, bytes, volume => volumes.FillAsync(volume, key, files, cancellationToken),
            cancellationToken);
        Directory.Delete(directory, recursive: true);
        LogFetched(logger, listing.Source, files.Count, bytes, _time.GetElapsedTime(began).TotalSeconds);
        return lease;
    }

    /// <summary>The same for whom nobody waits: it may stand still for as long as anything may.</summary>
    public Task<ResourceLease> AcquireAsync(Resource resource, IProgress<ResourceProgress>? progress = null, CancellationToken cancellationToken = default) =>
        AcquireAsync(resource, progress, StallWatch.Longest, cancellationToken);

    /// <summary>Puts a copy of the content into a volume of the caller's, who may change it.</summary>
    public Task CopyAsync(ResourceLease lease, string volume, CancellationToken cancellationToken = default) =>
        volumes.CopyAsync(lease.VolumeName, volume, lease.Key, cancellationToken);

    /// <summary>Removes all cached volumes that no container has.</summary>
    public Task ClearAsync(CancellationToken cancellationToken = default) => cache.ClearAsync(cancellationToken);

    /// <summary>Removes downloads that nobody goes on with: those past their time, and the oldest of those that take too much together.</summary>
    /// <param name="maxBytes">What they may take.</param>
    public void PruneUnfinished(long maxBytes)
    {
        if (!Directory.Exists(options.StagingDirectory)) return;
        DateTime before = _time.GetUtcNow().UtcDateTime - options.KeepUnfinished;
        long kept = 0;
        foreach ((DirectoryInfo download, DateTime written) in new DirectoryInfo(options.StagingDirectory).GetDirectories()
            .Select(found => (found, found.EnumerateFiles().Select(file => file.LastWriteTimeUtc).Append(found.LastWriteTimeUtc).Max()))
            .OrderByDescending(found => found.Item2))
        {
            using IDisposable? held = cache.TryEnter(download.Name);
            if (held is null) continue;
            kept += SizeOf(download.FullName);
            if (written < before || kept > maxBytes) download.Delete(recursive: true);
        }
    }

    public void Dispose() => _recovering.Dispose();

    private ResourceListing Checked(ResourceListing listing)
    {
        if (listing.Files.Count == 0)
            throw new ResourceException(ResourceFault.NotFound, $"{listing.Source}: there are no files. Check the name in the definition.");
        if (listing.Files.Count > options.MaxFiles)
            throw new ResourceException(ResourceFault.TooLarge,
                $"{listing.Source} has {listing.Files.Count} files, and this host takes at most {options.MaxFiles}. Name the needed ones in 'files'.");
        if (listing.Files.FirstOrDefault(file => file.Size < 0) is { } odd)
            throw new ResourceException(ResourceFault.Corrupt, $"{listing.Source}: '{odd.Path}' is announced with {odd.Size} bytes.");
        // Also before any sum of them: a few sizes of a hostile listing could pass for a small one.
        if (listing.Files.FirstOrDefault(file => file.Size > options.MaxBytes) is { } large)
            throw new ResourceException(ResourceFault.TooLarge,
                $"{listing.Source}: '{large.Path}' has {large.Size} bytes, and a resource may have {options.MaxBytes} at most.");
        foreach (RemoteFile file in listing.Files) ResourcePath.Check(file.Path, listing.Source);
        ResourcePath.CheckTogether(listing.Files.Select(file => file.Path), listing.Source);
        return listing with { Files = [.. listing.Files.OrderBy(file => file.Path, StringComparer.Ordinal)] };
    }

    private async Task MakeRoomAsync(ResourceListing listing, string directory, TimeSpan silent, CancellationToken cancellationToken)
    {
        try
        {
            await cache.MakeRoomAsync(listing.Source, Math.Max(0, listing.Bytes - SizeOf(directory)), listing.Bytes,
                listing.Files.Max(file => file.Size ?? 0), cancellationToken);
        }
        catch (ResourceException exception) when (exception.Fault == ResourceFault.NoSpace && silent > options.Prompt)
        {
            throw new ResourceException(ResourceFault.TooLarge,
                $"{exception.Message} Its source took {silent.TotalSeconds:0} s to say how large it is.", exception);
        }
    }

    /// <summary>Ends what does not get on.</summary>
    private async Task<T> WatchedAsync<T>(Resource resource, TimeSpan patience, IProgress<ResourceProgress>? progress,
        Func<StallWatch, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        using var watch = new StallWatch(patience, _time) { Troubled = problem => progress?.Report(new ResourceProgress(0, 0, 0, 0, problem)) };
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, watch.Stalled);
        try
        {
            return await run(watch, either.Token);
        }
        catch (OperationCanceledException exception) when (watch.Stalled.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new ResourceException(ResourceFault.Unavailable,
                $"The resource for {resource.Target} has not got on for {watch.Limit.TotalSeconds:0} s; less than "
                    + $"{StallWatch.LeastBytesPerSecond / 1000} kB/s is no progress. {watch.LastProblem ?? "Its source is too slow."}", exception);
        }
    }

    private async Task<IReadOnlyList<StagedFile>> DownloadAsync(ResourceListing listing, string directory, IProgress<ResourceProgress>? progress,
        StallWatch watch, CancellationToken cancellationToken)
    {
        try
        {
            return await downloader.DownloadAsync(listing, directory, progress, watch, cancellationToken);
        }
        catch (ResourceException exception) when (exception.Fault is not ResourceFault.Unavailable)
        {
            // Nobody will go on with it.
            if (Directory.Exists(directory)) Directory.Delete(directory, recursive: true);
            throw;
        }
    }

    private async Task RecoverAsync(CancellationToken cancellationToken)
    {
        await _recovering.WaitAsync(cancellationToken);
        try
        {
            if (_recovered) return;
            PrivateFiles.CreateDirectory(options.StagingDirectory);
            PruneUnfinished(options.UnfinishedBytes);
            await cache.RecoverAsync(cancellationToken);
            _recovered = true;
        }
        finally
        {
            _recovering.Release();
        }
    }

    private static long SizeOf(string directory) => Directory.Exists(directory) ? new DirectoryInfo(directory).EnumerateFiles().Sum(file => file.Length) : 0;

    [LoggerMessage(3066, LogLevel.Information, "Resource {Source} is in the cache ({Bytes} bytes)")]
    private static partial void LogPresent(ILogger logger, string source, long bytes);

    [LoggerMessage(3067, LogLevel.Information, "Resource {Source} fetched: {Files} files, {Bytes} bytes in {Seconds:0.0} s")]
    private static partial void LogFetched(ILogger logger, string source, int files, long bytes, double seconds);
}
