using Nosana.Node.Engine.Images.RegistryAccounts;

namespace Nosana.Node.Engine.Images;

/// <summary>
/// Images for jobs: those that are on the engine cost one question, the others are pulled, with room made for them. What is handed out stays
/// until its lease is disposed.
/// </summary>
internal sealed partial class ImageStore(ImagePuller puller, ImageCache cache, ILogger<ImageStore> logger)
{
    /// <summary>Sees that the image is on the engine, and keeps it there until the lease is disposed.</summary>
    /// <param name="reference">Any legal reference.</param>
    /// <param name="credentials">The job's own; then the registry is asked in any case. Null takes the operator's for that registry, if any.</param>
    /// <param name="progress">Called in order, on the task of the pull.</param>
    /// <param name="cancellationToken">Leaves the pull; it ends when all have left it.</param>
    /// <exception cref="EngineException">See <see cref="EngineFault"/>.</exception>
    public async Task<ImageLease> AcquireAsync(
        string reference, RegistryCredentials? credentials = null, IProgress<PullProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ImageReference image = Legal(reference);
        ImageLease lease = cache.Lease(image.Canonical, puller.NameOf(image, credentials));
        try
        {
            if (await IsThereAsync(image, lease, credentials, cancellationToken)) return lease;
            if (!await cache.MakeRoomAsync(cancellationToken)) LogNoRoom(logger, lease.Reference);
            await PullAsync(lease, credentials, progress, cancellationToken);
            return lease;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Sees that the image is on the engine before anybody needs it. Unlike a job it does not try its luck with a disk that has no room.</summary>
    /// <exception cref="EngineException">See <see cref="EngineFault"/>.</exception>
    public async Task PrefetchAsync(string reference, CancellationToken cancellationToken = default)
    {
        ImageReference image = Legal(reference);
        using ImageLease lease = cache.Lease(image.Canonical, puller.NameOf(image));
        if (await IsThereAsync(image, lease, null, cancellationToken)) return;
        if (!await cache.MakeRoomAsync(cancellationToken))
            throw new EngineException(EngineFault.NoSpace, $"Image {lease.Reference} is not pulled beforehand: "
                + "what else is on the engine's disk leaves no room for it. Free space on it, or raise --image-cache-gb.");
        await PullAsync(lease, null, null, cancellationToken);
    }

    /// <summary>References that stay whoever uses them, in place of those named before.</summary>
    public void Require(IEnumerable<string> references) =>
        cache.Require(references.SelectMany(reference => new[] { reference, puller.NameOf(ImageReference.Parse(reference)) }).Distinct());

    /// <summary>Whether the job may have what is here: an image that was pulled for jobs, or else one that the engine has under its ordinary name.</summary>
    private async Task<bool> IsThereAsync(ImageReference image, ImageLease lease, RegistryCredentials? credentials, CancellationToken cancellationToken)
    {
        PulledImage? found = await cache.FindAsync(lease, lease.Name, cancellationToken);
        if (credentials is not null) return false;
        if (found is null && lease.Name != lease.Reference)
        {
            found = await cache.FindAsync(lease, lease.Reference, cancellationToken);
            if (found is not null) await puller.AdmitPresentAsync(image, cancellationToken);
        }
        return found is not null && !cache.IsPrivate(found);
    }

    private static ImageReference Legal(string reference)
    {
        var image = ImageReference.Parse(reference);
        if (OwnNames.Has(image))
            throw new EngineException(EngineFault.InvalidReference,
                $"'{reference}' is a name that this host gives to images itself. Name the image as its registry does.");
        return image;
    }

    private async Task PullAsync(ImageLease lease, RegistryCredentials? credentials, IProgress<PullProgress>? progress, CancellationToken cancellationToken)
    {
        bool isPrivate = credentials is not null;
        ImageInventory before = await cache.BeginAsync(lease, isPrivate, cancellationToken);
        try
        {
            cache.Complete(lease, before, await PullWithRoomAsync(lease.Reference, credentials, progress, cancellationToken), isPrivate);
        }
        catch
        {
            cache.Abandon(lease);
            throw;
        }
        await TrimAsync(cancellationToken); // how large the image is was not known before
    }

    /// <summary>Removes what nobody needs as far as the disk is short of room; what an engine in trouble leaves undone is tried again the next time.</summary>
    public async Task TrimAsync(CancellationToken cancellationToken)
    {
        try
        {
            await cache.MakeRoomAsync(cancellationToken);
        }
        catch (EngineException exception)
        {
            LogNotTrimmed(logger, exception.Message);
        }
    }

    private async Task<PulledImage> PullWithRoomAsync(string reference, RegistryCredentials? credentials, IProgress<PullProgress>? progress,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await puller.PullAsync(reference, credentials, progress, cancellationToken);
            }
            catch (EngineException exception) when (exception.Fault == EngineFault.NoSpace)
            {
                if (!await cache.RemoveOldestAsync(cancellationToken)) throw;
                LogAgain(logger, reference);
            }
        }
    }

    [LoggerMessage(3026, LogLevel.Warning, "The engine's disk has little room left for image {Image}, and nothing more can be removed: it is in use, "
        + "the market wants it, or it is not this agent's")]
    private static partial void LogNoRoom(ILogger logger, string image);

    [LoggerMessage(3030, LogLevel.Warning, "The images on the engine stay as they are for now: {Problem}")]
    private static partial void LogNotTrimmed(ILogger logger, string problem);

    [LoggerMessage(3027, LogLevel.Information, "The engine's disk was full; pulling {Image} again with more room")]
    private static partial void LogAgain(ILogger logger, string image);
}
