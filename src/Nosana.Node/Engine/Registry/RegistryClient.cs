using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;

namespace Nosana.Node.Engine.Registry;

/// <summary>
/// Reads what an image is, from the registry that has it: the digest behind a tag, the manifest for the engine's platform, the configuration.
/// </summary>
internal sealed class RegistryClient(RegistryHttp http, RegistryPlaces places)
{
    private const int MaxConfig = 8 << 20;

    /// <summary>Asks for an image; no layer of it is fetched.</summary>
    /// <param name="image">Any.</param>
    /// <param name="credentials">The job's own; null takes the operator's for that registry, if any.</param>
    /// <param name="engine">The engine that it is for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="EngineException">See <see cref="EngineFault"/>.</exception>
    public async Task<RemoteImage> ResolveAsync(
        ImageReference image, RegistryCredentials? credentials, EngineFacts engine, CancellationToken cancellationToken)
    {
        IReadOnlyList<RegistryPlace> all = await places.OfAsync(image, credentials, engine, cancellationToken);
        foreach (RegistryPlace mirror in all.SkipLast(1))
        {
            try
            {
                return await ResolveAsync(new RegistrySession(http, image, mirror), engine.Platform, cancellationToken);
            }
            catch (EngineException exception) when (exception.Fault is EngineFault.RegistryUnavailable or EngineFault.ImageNotFound or EngineFault.ImageDenied)
            {
                // A mirror that has it not, or not now: the registry itself is asked, and what it says is told.
            }
        }
        return await ResolveAsync(new RegistrySession(http, image, all[^1]), engine.Platform, cancellationToken);
    }

    private static async Task<RemoteImage> ResolveAsync(RegistrySession session, EnginePlatform platform, CancellationToken cancellationToken)
    {
        ImageReference image = session.Image;
        (byte[] manifest, string? header) = await ManifestAsync(session, image.Digest ?? image.Tag!, cancellationToken);
        if (ManifestReader.IsIndex(image, manifest, header))
        {
            (ImagePart? chosen, string has) = ManifestReader.Choose(image, manifest, platform);
            if (chosen is null) throw RegistryFault.Platform(image, platform.ToString(), has);
            (manifest, header) = await ManifestAsync(session, chosen.Digest, cancellationToken);
            if (ManifestReader.IsIndex(image, manifest, header)) throw RegistryFault.Refused(image, "its list of platforms leads to another list");
        }
        (ImagePart config, IReadOnlyList<ImagePart> layers) = ManifestReader.Parts(image, manifest);
        if (config.Size > MaxConfig) throw RegistryFault.Refused(image, $"its configuration has more than {MaxConfig} bytes");
        (byte[] content, _) = await session.ReadAsync($"blobs/{config.Digest}", [], MaxConfig, cancellationToken);
        if (ManifestReader.DigestOf(content, config.Digest) != config.Digest) throw NotWhatItSays(image, "configuration");
        (string? system, string? architecture, IReadOnlyList<string> environment) = ManifestReader.Configuration(image, content);
        if (!platform.Runs(system, architecture)) throw RegistryFault.Platform(image, platform.ToString(), ManifestReader.PlatformText(system, architecture));
        return new RemoteImage(
            image, manifest, ManifestReader.MediaTypeOf(image, manifest, header), ManifestReader.DigestOf(manifest), config, content, layers, environment)
        {
            Session = session,
        };
    }

    private static async Task<(byte[] Content, string? MediaType)> ManifestAsync(RegistrySession session, string reference, CancellationToken cancellationToken)
    {
        (byte[] content, string? header) =
            await session.ReadAsync($"manifests/{reference}", ManifestReader.MediaTypes, ManifestReader.MaxBytes, cancellationToken);
        if (reference.Contains(':') && ManifestReader.DigestOf(content, reference) != reference) throw NotWhatItSays(session.Image, "manifest");
        return (content, header);
    }

    private static EngineException NotWhatItSays(ImageReference image, string what) =>
        RegistryFault.Refused(image, $"the {what} that its registry sends is not what its digest says");
}
