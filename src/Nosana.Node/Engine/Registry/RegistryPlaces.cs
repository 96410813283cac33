using System.Net;
using Nosana.Docker;
using Nosana.Node.Engine.Images;
using Nosana.Node.Engine.Images.RegistryAccounts;

namespace Nosana.Node.Engine.Registry;

/// <summary>
/// Where an image is asked for, and which of these places the operator named: in a setting of this agent, with an account in his docker config,
/// or in the engine's own configuration (<c>registry-mirrors</c>, <c>insecure-registries</c> by name). A range of addresses names nobody.
/// </summary>
internal sealed class RegistryPlaces(IEngineClient client, RegistryOptions options, DockerConfigFile accounts, TimeProvider? time = null)
{
    public const string DockerHub = "docker.io";

    private const string DockerHubHost = "registry-1.docker.io";

    /// <summary>An engine takes a while to describe itself, and its configuration changes with a restart or a reload of it.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private volatile Reading? _engine;

    /// <summary>Places in the order in which they are asked. A mirror is never told the account that a job brings.</summary>
    /// <exception cref="EngineException">The file with the operator's accounts cannot be read.</exception>
    public async Task<IReadOnlyList<RegistryPlace>> OfAsync(
        ImageReference image, RegistryCredentials? own, EngineFacts engine, CancellationToken cancellationToken)
    {
        var places = new List<RegistryPlace>();
        foreach (EngineFacts.Mirror mirror in engine.Mirrors.GetValueOrDefault(image.Registry) ?? [])
            places.Add(new RegistryPlace(mirror.Host, true, mirror.Schemes, await accounts.FindAsync(mirror.Host, cancellationToken)));
        RegistryCredentials? operators = await accounts.FindAsync(image.Registry, cancellationToken);
        bool mayBePlain = engine.Insecure.Contains(image.Registry) || options.Named.Contains(image.Registry, StringComparer.OrdinalIgnoreCase);
        places.Add(new RegistryPlace(
            image.Registry == DockerHub ? DockerHubHost : image.Registry,
            mayBePlain || operators is not null,
            mayBePlain || operators is not null && IsLoopback(image.Registry) ? [RegistryPlace.Https, RegistryPlace.Http] : [RegistryPlace.Https],
            own ?? operators));
        return places;
    }

    /// <summary>What the engine says of itself, or has said of late.</summary>
    public async Task<EngineFacts> EngineAsync(CancellationToken cancellationToken)
    {
        if (_engine is { } known && _time.GetElapsedTime(known.At) < Fresh) return known.Facts;
        try
        {
            EngineFacts facts = await EngineFacts.ReadAsync(client, cancellationToken);
            _engine = new Reading(facts, _time.GetTimestamp());
            return facts;
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, "The engine cannot be asked which registries it is configured for");
        }
    }

    /// <summary>Without the port.</summary>
    public static string NameOf(string host) => new Uri($"https://{host}").IdnHost;

    private sealed record Reading(EngineFacts Facts, long At);

    // As engines have it: a registry on loopback needs no TLS.
    private static bool IsLoopback(string host) =>
        NameOf(host) is var name && (name == "localhost" || IPAddress.TryParse(name, out IPAddress? address) && IPAddress.IsLoopback(address));
}
