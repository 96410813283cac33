using Docker.DotNet.Models;
using Nosana.Docker;

namespace Nosana.Node.Engine.Registry;

/// <summary>What of an engine matters to a pull: its own configuration of registries is the operator's word, too.</summary>
/// <param name="IsPodman">It is Podman's compatible API.</param>
/// <param name="Platform">What it runs.</param>
/// <param name="Mirrors">By registry, in order.</param>
/// <param name="Insecure">Registries by name that it speaks to without TLS.</param>
internal sealed record EngineFacts(
    bool IsPodman, EnginePlatform Platform, IReadOnlyDictionary<string, IReadOnlyList<EngineFacts.Mirror>> Mirrors, IReadOnlySet<string> Insecure)
{
    /// <param name="Host">With its port.</param>
    /// <param name="Schemes">In the order in which they are tried.</param>
    internal sealed record Mirror(string Host, IReadOnlyList<string> Schemes);

    /// <exception cref="DockerException">The engine cannot be asked.</exception>
    public static async Task<EngineFacts> ReadAsync(IEngineClient client, CancellationToken cancellationToken)
    {
        SystemInfoResponse info = await client.GetSystemInfoAsync(cancellationToken);
        var platform = EnginePlatform.Of(info);
        return EngineStatus.IsPodmanOf(await client.GetVersionAsync(cancellationToken))
            ? OfPodman(platform, await client.GetPodmanRegistriesAsync(cancellationToken))
            : OfDocker(platform, info.RegistryConfig);
    }

    private static EngineFacts OfDocker(EnginePlatform platform, ServiceConfig? configuration)
    {
        var mirrors = new List<Mirror>();
        foreach (string address in configuration?.Mirrors ?? [])
        {
            if (Uri.TryCreate(address, UriKind.Absolute, out Uri? url)) mirrors.Add(new Mirror(url.Authority, [url.Scheme]));
        }
        return new EngineFacts(
            false, platform, new Dictionary<string, IReadOnlyList<Mirror>> { [RegistryPlaces.DockerHub] = mirrors },
            Names((configuration?.IndexConfigs ?? new Dictionary<string, IndexInfo>()).Where(index => !index.Value.Secure).Select(index => index.Key)));
    }

    // Entries for a part of a registry are left alone: what a job names is asked for where its registry is.
    private static EngineFacts OfPodman(EnginePlatform platform, IReadOnlyList<PodmanRegistry> entries) => new(
        true,
        platform,
        entries.Where(entry => !entry.Prefix.Contains('/')).ToDictionary(
            entry => entry.Prefix,
            entry => (IReadOnlyList<Mirror>)[.. (entry.Mirrors ?? []).Append(entry)
                .Where(place => place.Location is { Length: > 0 } location && location != entry.Prefix && !location.Contains('/'))
                .Select(place => new Mirror(place.Location!, place.Insecure ? [RegistryPlace.Https, RegistryPlace.Http] : [RegistryPlace.Https]))]),
        Names(entries.Where(entry => entry.Insecure).Select(entry => entry.Prefix)));

    private static HashSet<string> Names(IEnumerable<string> names) => new(names, StringComparer.OrdinalIgnoreCase);
}
