using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.Node.Engine.Images.RegistryAccounts;
using Nosana.Node.Retries;

namespace Nosana.Node.Engine.Images;

/// <summary>
/// Brings images to the engine. Who asks for one that is being pulled joins that pull.
/// A registry that fails is asked again; a pull that goes on has no time limit, one that stands still has.
/// </summary>
internal sealed partial class ImagePuller(
    IEngineClient client, IImageDelivery delivery, PullOptions options, ILogger<ImagePuller> logger, TimeProvider? time = null) : IDisposable
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly SemaphoreSlim _slots = new(options.Parallel);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SharedPull> _flights = new(StringComparer.Ordinal);

    /// <summary>
    /// Asks the registry for an image, whether or not it is there: so nobody gets by its name an image that his own account may not read.
    /// Layers that are here are not loaded again.
    /// </summary>
    /// <param name="reference">Any legal reference.</param>
    /// <param name="credentials">The job's own; null takes the operator's for that registry, if any.</param>
    /// <param name="progress">Called in order, on the task of the pull.</param>
    /// <param name="cancellationToken">Leaves the pull; it ends when all have left it.</param>
    /// <exception cref="EngineException">See <see cref="EngineFault"/>.</exception>
    public async Task<PulledImage> PullAsync(
        string reference, RegistryCredentials? credentials = null, IProgress<PullProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ImageReference image = ImageReference.Parse(reference);
        string key = credentials is null ? image.Canonical : $"{image.Canonical} {credentials.Fingerprint}";
        SharedPull flight;
        lock (_lock)
        {
            if (!_flights.TryGetValue(key, out flight!) || !flight.TryJoin(progress))
            {
                flight = new SharedPull(progress);
                _flights[key] = flight;
                flight.Run(token => PullAsync(image, credentials, flight, token), () => Remove(key, flight));
            }
        }
        try
        {
            return await flight.Result.WaitAsync(cancellationToken);
        }
        finally
        {
            flight.Leave(progress);
        }
    }

    /// <summary>What an image is called on the engine when it was pulled for jobs, see <see cref="IImageDelivery.NameOf"/>.</summary>
    public string NameOf(ImageReference image, RegistryCredentials? credentials = null) => delivery.NameOf(image, credentials);

    /// <summary>See <see cref="IImageDelivery.AdmitPresentAsync"/>.</summary>
    public Task AdmitPresentAsync(ImageReference image, CancellationToken cancellationToken) => delivery.AdmitPresentAsync(image, cancellationToken);

    /// <summary>The image that has a name on the engine; null when none has it.</summary>
    public async Task<PulledImage?> FindAsync(string reference, CancellationToken cancellationToken = default)
    {
        string canonical = ImageReference.Parse(reference).Canonical;
        try
        {
            return Describe(canonical, await client.InspectImageAsync(canonical, cancellationToken), null, wasPresent: true);
        }
        catch (DockerImageNotFoundException)
        {
            return null;
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, $"Image {canonical} cannot be looked up");
        }
    }

    /// <summary>Removes a reference, and the image with it when it was the last. One that is gone or in use is left as it is.</summary>
    /// <param name="name">A reference, written out, or the id of an image without one.</param>
    /// <param name="cancellationToken">Ends the waiting, not the removing.</param>
    /// <returns>Whether it was removed.</returns>
    public async Task<bool> RemoveAsync(string name, CancellationToken cancellationToken = default)
    {
        try
        {
            await client.DeleteImageAsync(name, new ImageDeleteParameters(), cancellationToken);
            return true;
        }
        catch (DockerImageNotFoundException)
        {
            return false;
        }
        catch (DockerApiException exception) when (exception.StatusCode == System.Net.HttpStatusCode.Conflict)
        {
            return false;
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, $"Image {name} cannot be removed");
        }
    }

    public void Dispose() => _slots.Dispose();

    private async Task<PulledImage> PullAsync(ImageReference image, RegistryCredentials? credentials, SharedPull flight, CancellationToken cancellationToken)
    {
        try
        {
            var tracker = new PullTracker();
            string? digest = await RetryPipelines
                .Create(
                    options.Retry,
                    _time,
                    static e => e is EngineException { Fault: EngineFault.RegistryUnavailable },
                    (e, _) =>
                    {
                        LogRetry(logger, image.Canonical, e.Message);
                        flight.ReportProblem(e.Message);
                    },
                    progress: () => tracker.Moved / options.LeastBytes)
                .ExecuteAsync(async token => await TryInTurnAsync(image, credentials, tracker, flight, token), cancellationToken);
            string name = delivery.NameOf(image, credentials);
            return Describe(image.Canonical, await client.InspectImageAsync(name, cancellationToken), digest, wasPresent: false);
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfPull(exception, image.Canonical);
        }
    }

    /// <summary>Waits for its turn before each try, not between two: a registry that does not answer keeps nobody else from his.</summary>
    private async Task<string?> TryInTurnAsync(
        ImageReference image, RegistryCredentials? credentials, PullTracker tracker, SharedPull flight, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            flight.Begin();
            return await TryOnceAsync(image, credentials, tracker, flight, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<string?> TryOnceAsync(
        ImageReference image, RegistryCredentials? credentials, PullTracker tracker, SharedPull flight, CancellationToken cancellationToken)
    {
        using var stalled = new CancellationTokenSource(options.Inactivity, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stalled.Token);
        long moved = tracker.Moved;
        int done = 0;
        var messages = new SynchronousProgress<JSONMessage>(message =>
        {
            PullProgress now = tracker.Add(message);
            if (tracker.Moved - moved >= options.LeastBytes || now.LayersDone > done)
            {
                (moved, done) = (tracker.Moved, now.LayersDone);
                stalled.CancelAfter(options.Inactivity);
            }
            flight.Report(now);
        });
        try
        {
            return await delivery.DeliverAsync(image, credentials, messages, either.Token);
        }
        catch (OperationCanceledException exception) when (stalled.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new EngineException(EngineFault.RegistryUnavailable,
                $"Image {image.Canonical} cannot be pulled: next to nothing has come for {options.Inactivity}. The registry or the way to it is at fault; "
                    + "another try may help.", exception);
        }
    }

    private static PulledImage Describe(string canonical, ImageInspectResponse found, string? digest, bool wasPresent)
    {
        digest ??= found.RepoDigests.Select(text => text[(text.IndexOf('@') + 1)..]).FirstOrDefault();
        return new PulledImage(canonical, found.ID, digest, wasPresent, found.Size);
    }

    private void Remove(string key, SharedPull flight)
    {
        lock (_lock)
        {
            if (_flights.TryGetValue(key, out SharedPull? current) && current == flight) _flights.Remove(key);
        }
    }

    [LoggerMessage(3020, LogLevel.Warning, "The pull of {Image} failed and is tried again: {Problem}")]
    private static partial void LogRetry(ILogger logger, string image, string problem);
}
