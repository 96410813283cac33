using System.Net;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;

namespace Nosana.Node.Engine.Registry;

/// <summary>
/// Where an image is asked for, and which of these places the operator named: in a setting of this agent, with an account in his docker config,
/// or in the engine's own configuration (<c>registry-mirrors</c>, <c>insecure-registries</c> by name). A range of addresses names nobody.
/// </summary>
internal sealed class RegistryPlaces(IEngineClient client, RegistryOptions options, DockerConfigFile accounts)
{
    public const string DockerHub = "docker.io";

    private const string DockerHubHost = "registry-1.docker.io";

    /// <summary>Places in the order in which they are asked. Mirrors hold what everybody may have, so a job's own account is not for them.</summary>
    /// <exception cref="EngineException">The engine, or the file with the operator's accounts, cannot be read.</exception>
    public async Task<IReadOnlyList<RegistryPlace>> OfAsync(
        ImageReference image, RegistryCredentials? own, SystemInfoResponse engine, CancellationToken cancellationToken)
    {
        var places = new List<RegistryPlace>();
        if (image.Registry == DockerHub)
        {
            foreach (string mirror in engine.RegistryConfig?.Mirrors ?? [])
            {
                if (!Uri.TryCreate(mirror, UriKind.Absolute, out Uri? url)) continue;
                places.Add(new RegistryPlace(url.Authority, true, [url.Scheme], await accounts.FindAsync(url.Authority, cancellationToken)));
            }
        }
        RegistryCredentials? operators = await accounts.FindAsync(image.Registry, cancellationToken);
        bool isInsecure = engine.RegistryConfig?.IndexConfigs?.TryGetValue(image.Registry, out IndexInfo? index) == true && !index.Secure;
        bool isListed = options.Named.Contains(image.Registry, StringComparer.OrdinalIgnoreCase);
        bool isNamed = isListed || isInsecure || operators is not null;
        bool mayBePlain = isListed || isInsecure || operators is not null && IsLoopback(image.Registry);
        places.Add(new RegistryPlace(
            image.Registry == DockerHub ? DockerHubHost : image.Registry,
            isNamed,
            mayBePlain ? [RegistryPlace.Https, RegistryPlace.Http] : [RegistryPlace.Https],
            own ?? operators));
        return places;
    }

    /// <summary>What the engine says of itself.</summary>
    public async Task<SystemInfoResponse> EngineAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetSystemInfoAsync(cancellationToken);
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, "The engine cannot be asked which registries it is configured for");
        }
    }

    /// <summary>Without the port.</summary>
    public static string NameOf(string host) => new Uri($"https://{host}").IdnHost;

    // As engines have it: a registry on loopback needs no TLS.
    private static bool IsLoopback(string host) =>
        NameOf(host) is var name && (name == "localhost" || IPAddress.TryParse(name, out IPAddress? address) && IPAddress.IsLoopback(address));
}
