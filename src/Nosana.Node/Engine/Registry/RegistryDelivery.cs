using System.Net;
using System.Net.Sockets;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.Node.Engine.Egress;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;

namespace Nosana.Node.Engine.Registry;

/// <summary>
/// This agent is the engine's registry: it asks the real one, under the rules for addresses, and the engine pulls by digest from here. What has
/// come is kept under a name of this agent's own, so that no name on the engine means something else than before; accounts never reach the engine.
/// An engine on another machine cannot reach this agent, and asks registries itself.
/// </summary>
/// <param name="isHere">Whether the engine is on this machine as far as its address says; one that does not find this agent is not.</param>
internal sealed partial class RegistryDelivery(
    IEngineClient client, RegistryClient registries, RegistryPlaces places, PullEndpoint endpoint, EngineDelivery direct, AddressPolicy policy,
    bool isHere, ILogger<RegistryDelivery> logger)
    : IImageDelivery
{
    /// <summary>An engine's words when nobody listens where this agent does.</summary>
    private const string NotReached = "dial tcp 127.0.0.1:";

    /// <summary>The words of Docker, of its containerd store, and of Podman for a layer that is not what its digest says.</summary>
    private static readonly string[] s_mismatch = ["filesystem layer verification failed", "unexpected commit digest", "digest did not match"];

    /// <summary>What Podman writes before the name of an image that came from no registry.</summary>
    private const string BuiltHere = "localhost";

    /// <summary>What a name is looked up for at most before an image of it that is here is used.</summary>
    private static readonly TimeSpan LookUp = TimeSpan.FromSeconds(5);

    private volatile bool _isElsewhere = !isHere;
    private int _isTold;

    public string NameOf(ImageReference image, RegistryCredentials? credentials) => OwnNames.Of(image, credentials);

    public async Task AdmitPresentAsync(ImageReference image, CancellationToken cancellationToken)
    {
        if (image.Registry is RegistryPlaces.DockerHub or BuiltHere) return;
        string host = RegistryPlaces.NameOf(image.Registry);
        if (await AddressesAsync(host, cancellationToken) is not { Length: > 0 } addresses || addresses.Any(policy.Allows)) return;
        IReadOnlyList<RegistryPlace> all = await places.OfAsync(image, null, await places.EngineAsync(cancellationToken), cancellationToken);
        if (!all[^1].IsNamed) throw RegistryFault.Of(image, host, new AddressRefusedException(host))!;
    }

    public async Task<string?> DeliverAsync(
        ImageReference image, RegistryCredentials? credentials, IProgress<JSONMessage> messages, CancellationToken cancellationToken)
    {
        if (!_isElsewhere && await PassOnAsync(image, credentials, messages, cancellationToken) is { } digest) return digest;
        if (Interlocked.Exchange(ref _isTold, 1) == 0) LogElsewhere(logger, client.Endpoint);
        await PullDirectlyAsync(image, credentials, messages, cancellationToken);
        return null;
    }

    /// <returns>The image's digest; null when the engine does not find this agent.</returns>
    private async Task<string?> PassOnAsync(
        ImageReference image, RegistryCredentials? credentials, IProgress<JSONMessage> messages, CancellationToken cancellationToken)
    {
        EngineFacts engine = await places.EngineAsync(cancellationToken);
        RemoteImage remote = await registries.ResolveAsync(image, credentials, engine, cancellationToken);
        string name = NameOf(image, credentials);
        if (await IdOfAsync(name, image, cancellationToken) is { } id && (id == remote.Config.Digest || id == remote.Digest)) return remote.Digest;
        (OngoingPull pull, string reference) = await endpoint.OpenAsync(remote, cancellationToken);
        using (pull)
        {
            await PullAsync(pull, reference, name, engine.IsPodman, messages, cancellationToken);
        }
        return _isElsewhere ? null : remote.Digest;
    }

    /// <summary>As the engine pulls, a name is moved; it is given back at once.</summary>
    private async Task PullDirectlyAsync(
        ImageReference image, RegistryCredentials? credentials, IProgress<JSONMessage> messages, CancellationToken cancellationToken)
    {
        string name = image.Canonical;
        string? before = await IdOfAsync(name, image, cancellationToken);
        await direct.DeliverAsync(image, credentials, messages, cancellationToken);
        try
        {
            await TagAsync(name, NameOf(image, credentials));
            if (before is not null && image.Digest is null) await TagAsync(before, name);
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfPull(exception, name);
        }
        if (before is null) await ForgetAsync(name);
    }

    private async Task PullAsync(OngoingPull pull, string reference, string name, bool isPodman, IProgress<JSONMessage> messages,
        CancellationToken cancellationToken)
    {
        ImageReference image = pull.Image.Reference;
        var renamed = new SynchronousProgress<JSONMessage>(said =>
        {
            said.Status = said.Status?.Replace(reference, image.Canonical, StringComparison.Ordinal).Replace(pull.Name, image.Path, StringComparison.Ordinal);
            messages.Report(said);
        });
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, pull.Failed);
        try
        {
            if (isPodman)
            {
                // It says when it begins with a layer and nothing of how it gets on, which is known here.
                pull.Moved = (layer, bytes) => messages.Report(Downloading(layer, bytes));
                await client.PullFromPodmanAsync(reference, null, either.Token);
            }
            else
            {
                await client.PullImageAsync(reference, null, renamed, either.Token);
            }
            await TagAsync(reference, name);
        }
        catch (Exception exception) when (exception is OperationCanceledException or DockerException && pull.Fault is { } fault)
        {
            throw new EngineException(fault.Fault, fault.Message, exception);
        }
        catch (DockerException exception) when (!pull.IsAsked && exception.Message.Contains(NotReached, StringComparison.Ordinal))
        {
            _isElsewhere = true;
        }
        catch (DockerException exception) when (s_mismatch.Any(words => exception.Message.Contains(words, StringComparison.OrdinalIgnoreCase)))
        {
            throw RegistryFault.Refused(image, "a layer is not what its digest says");
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfPull(exception, image.Canonical, (reference, image.Canonical), (pull.Name, image.Path));
        }
        finally
        {
            await ForgetAsync(reference);
        }
    }

    private static JSONMessage Downloading(ImagePart layer, long bytes) => new()
    {
        ID = layer.Digest[^12..],
        Status = bytes < layer.Size ? "Downloading" : "Download complete",
        Progress = new JSONProgress { Current = bytes, Total = layer.Size },
    };

    // Not cancelled half-way: an image without a name is one that nobody finds.
    private Task TagAsync(string image, string name)
    {
        int colon = name.LastIndexOf(':');
        return client.TagImageAsync(image, name[..colon], name[(colon + 1)..], CancellationToken.None);
    }

    /// <summary>The image has its name; the one of the pull means nothing any more.</summary>
    private async Task ForgetAsync(string reference)
    {
        try
        {
            await client.DeleteImageAsync(reference, new ImageDeleteParameters(), CancellationToken.None);
        }
        catch (DockerImageNotFoundException)
        {
            // The pull has failed: there was none.
        }
        catch (DockerException exception)
        {
            LogStays(logger, reference, exception.Message);
        }
    }

    private async Task<string?> IdOfAsync(string name, ImageReference image, CancellationToken cancellationToken)
    {
        try
        {
            return (await client.InspectImageAsync(name, cancellationToken)).ID;
        }
        catch (DockerImageNotFoundException)
        {
            return null;
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, $"Image {image.Canonical} cannot be looked up");
        }
    }

    /// <summary>None when the name is not known, or not soon: then nobody can be led to an address by it.</summary>
    private static async Task<IPAddress[]> AddressesAsync(string host, CancellationToken cancellationToken)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(LookUp);
        try
        {
            return IPAddress.TryParse(host, out IPAddress? literal) ? [literal] : await Dns.GetHostAddressesAsync(host, late.Token);
        }
        catch (SocketException)
        {
            return [];
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [];
        }
    }

    [LoggerMessage(3032, LogLevel.Warning, "The engine at {Engine} does not find this agent, since it is on another machine or in another network: it asks "
        + "registries itself, with the accounts of jobs, and follows wherever they lead. Rules on its machine have to keep it from what jobs must not reach")]
    private static partial void LogElsewhere(ILogger logger, Uri engine);

    [LoggerMessage(3031, LogLevel.Warning, "The engine keeps the name {Reference} of a pull that is over: {Problem}")]
    private static partial void LogStays(ILogger logger, string reference, string problem);
}
