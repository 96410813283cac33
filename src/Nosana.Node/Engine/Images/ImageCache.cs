using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.Node.Engine.Disk;
using Nosana.Node.Journal;

namespace Nosana.Node.Engine.Images;

/// <summary>
/// Which images this agent pulled, who uses them, and which of them go when room is needed. An image that was here before, or that somebody
/// else brought, is the operator's: it is used and never removed.
/// </summary>
internal sealed partial class ImageCache(
    IEngineClient client, ImagePuller images, EngineDisk disk, JournalStore journal, ImageCacheOptions options, ILogger<ImageCache> logger) : IDisposable
{
    // Who looks for an image has it leased before anything can be removed.
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Lock _lock = new();
    private readonly List<ImageLease> _leases = [];
    private HashSet<string>? _required;

    /// <summary>From now on the reference and the name stay, and what they name once that is known.</summary>
    public ImageLease Lease(string reference, string name)
    {
        var lease = new ImageLease(reference, name, Release);
        lock (_lock) _leases.Add(lease);
        return lease;
    }

    /// <summary>The leased image if it is on the engine under a name; one request.</summary>
    /// <param name="lease">Holds what is found.</param>
    /// <param name="name">The lease's name, or its reference.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<PulledImage?> FindAsync(ImageLease lease, string name, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (await images.FindAsync(name, cancellationToken) is not { } found) return null;
            lease.Hold(found);
            journal.TouchImage(name);
            return found with { Reference = lease.Reference };
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Whether an image came with a job's own account, so that others have to ask the registry before they get it.</summary>
    public bool IsPrivate(PulledImage image) => journal.CachedImages().Any(row => row.Private && (row.ImageId == image.Id || row.Reference == image.Reference));

    /// <summary>References that stay whoever uses them, in place of those named before. Until this is called it is those of the last time.</summary>
    public void Require(IEnumerable<string> references)
    {
        HashSet<string> required = [.. references];
        lock (_lock) _required = required;
        journal.RequireImages(required);
    }

    /// <summary>Writes down that an image is about to be pulled, and says which images are here before.</summary>
    public async Task<ImageInventory> BeginAsync(ImageLease lease, bool isPrivate, CancellationToken cancellationToken)
    {
        ImageInventory before = await ImageInventory.ReadAsync(client, cancellationToken);
        if (before.Find(lease.Name) is null)
            journal.Save(new CachedImage { Reference = lease.Name, Private = isPrivate, Required = IsRequired(lease.Name) });
        return before;
    }

    /// <summary>Nothing came of the pull.</summary>
    public void Abandon(ImageLease lease)
    {
        lock (_lock)
        {
            if (_leases.Any(other => other != lease && other.Name == lease.Name)) return;
        }
        if (journal.FindImage(lease.Name) is { ImageId: null }) journal.DeleteImage(lease.Name);
    }

    /// <summary>Writes down what was pulled, if it is this agent's.</summary>
    public void Complete(ImageLease lease, ImageInventory before, PulledImage pulled, bool isPrivate)
    {
        lease.Hold(pulled);
        CachedImage? row = journal.FindImage(lease.Name);
        CachedImage[] same = [.. journal.CachedImages().Where(other => other.ImageId == pulled.Id)];
        bool isOperators = before.Has(pulled.Id) && same.Length == 0;
        if (isOperators && lease.Name == lease.Reference)
        {
            // It was here under another name, or under this one: the operator's.
            if (row is not null) Forget(row, before);
            return;
        }
        if (row?.ImageId is { } old && old != pulled.Id) Forget(row, before);
        journal.Save(new CachedImage
        {
            Reference = lease.Name,
            ImageId = pulled.Id,
            Bytes = isOperators ? 0 : pulled.Bytes, // a name of ours for what is here anyway
            Private = isPrivate && !same.Any(other => !other.Private),
            Required = IsRequired(lease.Name),
        });
        if (!isPrivate) journal.PublishImage(pulled.Id);
    }

    /// <summary>Removes images that nobody needs, those that were not used for longest first, until the budget and the engine's disk have room.</summary>
    /// <returns>Whether they have.</returns>
    public async Task<bool> MakeRoomAsync(CancellationToken cancellationToken) => !await IsShortAsync(cancellationToken)
        || await RemoveUntilAsync(async _ => !await IsShortAsync(cancellationToken), cancellationToken);

    /// <summary>Removes the one image that was not used for longest of those that nobody needs; false when there is none.</summary>
    public Task<bool> RemoveOldestAsync(CancellationToken cancellationToken) => RemoveUntilAsync(removed => Task.FromResult(removed > 0), cancellationToken);

    public void Dispose() => _turn.Dispose();

    private async Task<bool> RemoveUntilAsync(Func<int, Task<bool>> isEnough, CancellationToken cancellationToken)
    {
        ImageInventory stock = await ImageInventory.ReadAsync(client, cancellationToken);
        foreach (CachedImage row in journal.CachedImages()) Settle(row, stock);
        int removed = 0;
        foreach (CachedImage row in journal.CachedImages())
        {
            if (await isEnough(removed)) return true;
            if (await RemoveUnusedAsync(row.Reference, stock, cancellationToken)) removed++;
        }
        return await isEnough(removed);
    }

    private async Task<bool> IsShortAsync(CancellationToken cancellationToken)
    {
        if (options.CacheBytes is { } budget && journal.CachedImages().DistinctBy(row => row.ImageId ?? row.Reference).Sum(row => row.Bytes) > budget)
            return true;
        return await disk.FreeBytesAsync(cancellationToken) < options.FreeBytes;
    }

    /// <summary>Makes a row true to what the engine has: others add and remove images, too, and an agent that was killed has written only half.</summary>
    private void Settle(CachedImage row, ImageInventory stock)
    {
        if (IsLeased(row)) return;
        if (stock.Find(row.Reference) is not { } found) Forget(row, stock);
        else if (row.ImageId is null) journal.Save(row with { ImageId = found.ID, Bytes = found.Size });
        else if (row.ImageId != found.ID || row.Reference == found.ID && IsNamed(found)) Forget(row, stock);
    }

    /// <summary>The reference is not ours any more. What it named before may lie there without a name, and still is.</summary>
    private void Forget(CachedImage row, ImageInventory stock)
    {
        journal.DeleteImage(row.Reference);
        if (row.ImageId is { } id && row.Reference != id && stock.Has(id)) journal.Save(row with { Reference = id, Required = false });
    }

    private async Task<bool> RemoveUnusedAsync(string reference, ImageInventory stock, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (journal.FindImage(reference) is not { ImageId: { } id } row || IsLeased(row) || IsRequired(row, stock) || stock.IsUsed(id)) return false;
            if (!await images.RemoveAsync(reference, cancellationToken)) return false;
            journal.DeleteImage(reference);
            LogRemoved(logger, reference, row.Bytes);
            return true;
        }
        catch (EngineException exception)
        {
            LogStays(logger, reference, exception.Message); // another one may go instead
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    // By its id, too: to remove one of an image's names can be to remove another one with it.
    private bool IsLeased(CachedImage row)
    {
        lock (_lock) return _leases.Any(lease => lease.Name == row.Reference || lease.Reference == row.Reference
            || row.ImageId is not null && lease.ImageId == row.ImageId);
    }

    private bool IsRequired(CachedImage row, ImageInventory stock)
    {
        HashSet<string>? required;
        lock (_lock) required = _required;
        return required is null
            ? journal.CachedImages().Any(other => other.Required && (other.Reference == row.Reference || other.ImageId == row.ImageId))
            : required.Any(reference => reference == row.Reference || stock.Find(reference)?.ID == row.ImageId);
    }

    private bool IsRequired(string reference)
    {
        lock (_lock) if (_required is { } required) return required.Contains(reference);
        return journal.FindImage(reference)?.Required == true;
    }

    private static bool IsNamed(ImagesListResponse image) => (image.RepoTags ?? []).Any(name => !name.StartsWith('<'));

    private void Release(ImageLease lease)
    {
        lock (_lock) _leases.Remove(lease);
        journal.TouchImage(lease.Name);
    }

    [LoggerMessage(3025, LogLevel.Information, "Removed image {Image} ({Bytes} bytes) from the engine to make room")]
    private static partial void LogRemoved(ILogger logger, string image, long bytes);

    [LoggerMessage(3029, LogLevel.Warning, "Image {Image} stays on the engine for now: {Problem}")]
    private static partial void LogStays(ILogger logger, string image, string problem);
}
