using System.Globalization;
using Nosana.Node.Files;

namespace Nosana.Node.Engine.Resources;

/// <summary>
/// Downloads the files of a resource into a directory: several at once, large ones in parts, each part from where an earlier try, or an
/// earlier run of the agent, has left it. What has a digest is checked against it.
/// </summary>
internal sealed partial class ResourceDownloader(ResourceHttp http, ResourceOptions options, ILogger<ResourceDownloader> logger,
    TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <param name="listing">What to fetch.</param>
    /// <param name="directory">The listing's own; made when missing.</param>
    /// <param name="progress">Called from several threads, one at a time.</param>
    /// <param name="watch">Is told of every byte that comes.</param>
    /// <param name="cancellationToken">Ends it; what has come stays for the next time.</param>
    /// <returns>All files, in the listing's order.</returns>
    public async Task<IReadOnlyList<StagedFile>> DownloadAsync(ResourceListing listing, string directory, IProgress<ResourceProgress>? progress,
        StallWatch watch, CancellationToken cancellationToken)
    {
        PrivateFiles.CreateDirectory(directory);
        using var tally = new Tally(listing, options, watch, progress);
        FilePart[] PartsOf(int index) => [.. FilePart.Split(listing.Files[index], StemOf(directory, index), options.PartBytes)];
        for (int index = 0; index < listing.Files.Count; index++)
        {
            foreach (FilePart part in PartsOf(index)) tally.Received(part.Present);
        }
        var staged = new StagedFile[listing.Files.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, staged.Length), Bounded(cancellationToken), async (index, cancel) =>
        {
            RemoteFile file = listing.Files[index];
            FilePart[] parts = PartsOf(index);
            staged[index] = file.Content is { } content
                ? await WriteAsync(file.Path, content, parts[0].Path, tally, cancel)
                : await FetchAsync(file, parts, listing.Source, tally, cancel);
            tally.Completed();
        });
        return staged;
    }

    private static string StemOf(string directory, int index) => Path.Combine(directory, index.ToString("D6", CultureInfo.InvariantCulture));

    private static async Task<StagedFile> WriteAsync(string path, byte[] content, string target, Tally tally, CancellationToken cancellationToken)
    {
        long present = new FileInfo(target) is { Exists: true } info ? info.Length : 0;
        await File.WriteAllBytesAsync(target, content, cancellationToken);
        tally.Received(content.Length - present);
        return new StagedFile(path, [target], content.Length);
    }

    private async Task<StagedFile> FetchAsync(RemoteFile file, FilePart[] parts, string source, Tally tally, CancellationToken cancellationToken)
    {
        for (int round = 0; ; round++)
        {
            parts = await FetchPartsAsync(file, parts, tally, cancellationToken);
            var staged = new StagedFile(file.Path, [.. parts.Select(part => part.Path)], parts.Sum(part => part.Present));
            if (file.Checksum is not { } checksum) return staged;
            string found;
            await using (PartsStream content = staged.OpenRead()) found = await checksum.ComputeAsync(content, cancellationToken);
            if (found == checksum.Hex) return staged;
            staged.Delete();
            tally.Received(-staged.Bytes);
            // Once again from the beginning: what an earlier run left may be at fault.
            if (round == 1)
                throw new ResourceException(ResourceFault.Corrupt,
                    $"{source}: '{file.Path}' has the digest {found} and was announced with {checksum.Hex}. The source is at fault.");
            LogDigest(logger, source, file.Path);
        }
    }

    private async Task<FilePart[]> FetchPartsAsync(RemoteFile file, FilePart[] parts, Tally tally, CancellationToken cancellationToken)
    {
        int ignored = 0;
        await Parallel.ForEachAsync(parts, Bounded(cancellationToken), async (part, cancel) =>
        {
            if (Volatile.Read(ref ignored) == 0 && !await FetchPartAsync(part, tally, cancel)) Volatile.Write(ref ignored, 1);
        });
        if (ignored == 0) return parts;
        foreach (FilePart part in parts)
        {
            tally.Received(-part.Present);
            File.Delete(part.Path);
        }
        var whole = new FilePart(file, parts[0].Path, 0, file.Size);
        await FetchPartAsync(whole, tally, cancellationToken);
        return [whole];
    }

    private async Task<bool> FetchPartAsync(FilePart part, Tally tally, CancellationToken cancellationToken)
    {
        var download = new PartDownload(http, options, _time);
        long moved = 0;
        void Received(long bytes)
        {
            moved += bytes;
            tally.Received(bytes);
            tally.Watch.Received(bytes);
        }
        return await new ResourceRetry(options, logger, _time).RunAsync(
            async cancel =>
            {
                await tally.Connections.WaitAsync(cancel);
                try
                {
                    return await download.TryOnceAsync(part, Received, cancel);
                }
                finally
                {
                    tally.Connections.Release();
                }
            },
            () => moved, tally.Watch, cancellationToken);
    }

    private ParallelOptions Bounded(CancellationToken cancellationToken) =>
        new() { MaxDegreeOfParallelism = options.Connections, CancellationToken = cancellationToken };

    /// <summary>One download: what has come of all files, and the limit of the whole: files without a size count too.</summary>
    private sealed class Tally(ResourceListing listing, ResourceOptions options, StallWatch watch, IProgress<ResourceProgress>? progress) : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly long _total = listing.Files.All(file => file.Size is not null || file.Content is not null) ? listing.Bytes : 0;
        private long _bytes;
        private int _files;

        /// <summary>Requests of this download: none waits for the slow sources of another.</summary>
        public SemaphoreSlim Connections { get; } = new(options.Connections);

        public StallWatch Watch { get; } = watch;

        public void Dispose() => Connections.Dispose();

        public void Received(long bytes)
        {
            lock (_lock)
            {
                _bytes += bytes;
                if (_bytes > options.MaxBytes)
                    throw new ResourceException(ResourceFault.TooLarge,
                        $"{listing.Source} is larger than the {options.MaxBytes} bytes that this host takes of one resource.");
                progress?.Report(Now());
            }
        }

        public void Completed()
        {
            lock (_lock)
            {
                _files++;
                progress?.Report(Now());
            }
        }

        private ResourceProgress Now() => new(_bytes, _total, _files, listing.Files.Count);
    }

    [LoggerMessage(3061, LogLevel.Warning, "{Source}: '{File}' does not have the digest that was announced, and is fetched once more")]
    private static partial void LogDigest(ILogger logger, string source, string file);
}
