using Nosana.JobDefinition.Model;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Resources;

namespace Nosana.Node.Engine.Prefetch;

/// <summary>
/// Fetches what is wanted before a job asks for it, one thing at a time, and keeps it from being removed. Nothing here is needed: what fails is
/// told, tried again after a while, and left to the job that needs it. Its methods are called one at a time.
/// </summary>
internal sealed partial class Prefetcher(ImageStore images, ResourceStore resources, PrefetchOptions options, ILogger<Prefetcher> logger,
    TimeProvider time) : IDisposable
{
    private readonly Dictionary<string, ResourceLease> _leases = [];
    private IReadOnlyList<PrefetchItem> _items = [];

    /// <summary>Sets what is wanted, in place of what was before.</summary>
    /// <param name="references">Images; an illegal reference is told and left out.</param>
    /// <param name="wanted">Remote resources, each by a key that stays the same as long as it does.</param>
    public void Want(IEnumerable<string> references, IReadOnlyDictionary<string, Resource> wanted)
    {
        string[] legal = [.. references.Select(Legal).OfType<string>().Distinct()];
        images.Require(legal);
        foreach (string gone in _leases.Keys.Except(wanted.Keys).ToArray())
        {
            if (_leases.Remove(gone, out ResourceLease? lease)) lease.Dispose();
        }
        PrefetchItem[] all =
        [
            .. legal.Select(reference => new PrefetchItem(reference, $"image {reference}", cancel => images.PrefetchAsync(reference, cancel))),
            .. wanted.Select(pair => new PrefetchItem(pair.Key, $"resource {NameOf(pair.Value)}", cancel => FetchAsync(pair.Key, pair.Value, cancel))),
        ];
        if (all.Length > options.MaxItems) LogTooMany(logger, all.Length, options.MaxItems);
        // One that failed before is not due because it was named again.
        _items = [.. all.Take(options.MaxItems).Select(item => _items.FirstOrDefault(known => known.Key == item.Key) ?? item)];
    }

    /// <summary>Fetches what is not here and was not tried a moment ago.</summary>
    /// <param name="idle">A job has come: nothing more is begun, and what is under way ends after <see cref="PrefetchOptions.Handover"/>.</param>
    /// <param name="exiting">The agent exits: it ends at once.</param>
    /// <returns>When to try again; null when all is here.</returns>
    /// <exception cref="OperationCanceledException">One of the tokens.</exception>
    public async Task<DateTimeOffset?> FetchAsync(CancellationToken idle, CancellationToken exiting)
    {
        var failed = new List<PrefetchItem>();
        foreach (PrefetchItem item in _items)
        {
            idle.ThrowIfCancellationRequested();
            if (item.Due > time.GetUtcNow() || !await TryAsync(item, idle, exiting)) failed.Add(item);
        }
        return failed.Count == 0 ? null : failed.Min(item => item.Due);
    }

    public void Dispose()
    {
        foreach (ResourceLease lease in _leases.Values) lease.Dispose();
    }

    private async Task<bool> TryAsync(PrefetchItem item, CancellationToken idle, CancellationToken exiting)
    {
        using var late = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, exiting);
        await using CancellationTokenRegistration handover = idle.UnsafeRegister(_ => late.CancelAfter(options.Handover), null);
        try
        {
            await item.FetchAsync(either.Token);
            item.Succeeded();
            return true;
        }
        catch (Exception exception) when (exception is EngineException or ResourceException)
        {
            LogFailed(logger, item.Name, exception.Message, item.Failed(time.GetUtcNow()));
            return false;
        }
    }

    private async Task FetchAsync(string key, Resource resource, CancellationToken cancel)
    {
        // Held as long as it is wanted; so the source is not asked again either.
        if (!_leases.ContainsKey(key)) _leases[key] = await resources.AcquireAsync(resource, null, cancel);
    }

    private string? Legal(string reference)
    {
        try
        {
            return ImageReference.Parse(reference).Canonical;
        }
        catch (EngineException exception)
        {
            LogIllegal(logger, exception.Message);
            return null;
        }
    }

    private static string NameOf(Resource resource) => resource switch
    {
        S3Resource s3 => s3.Url ?? string.Join(", ", s3.Buckets.Select(bucket => bucket.Url)),
        HuggingFaceResource repository => repository.Repo,
        OllamaResource ollama => ollama.Model,
        _ => resource.GetType().Name,
    };

    [LoggerMessage(3080, LogLevel.Warning, "The {Item} cannot be fetched beforehand: {Problem} Next try in {Wait} or later, when the host is idle")]
    private static partial void LogFailed(ILogger logger, string item, string problem, TimeSpan wait);

    [LoggerMessage(3081, LogLevel.Warning, "{Count} images and resources are wanted beforehand; the first {Most} are fetched, "
        + "the others come with the jobs that need them")]
    private static partial void LogTooMany(ILogger logger, int count, int most);

    [LoggerMessage(3082, LogLevel.Warning, "An image is not fetched beforehand: {Problem}")]
    private static partial void LogIllegal(ILogger logger, string problem);
}
