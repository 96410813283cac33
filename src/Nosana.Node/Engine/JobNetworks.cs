using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Docker.DotNet.Models;
using Nosana.Docker;

namespace Nosana.Node.Engine;

/// <summary>A bridge network of its own for each job: its operations find each other by alias, and no other job's container is on it.</summary>
internal sealed class JobNetworks(IEngineClient client)
{
    /// <summary>How the names of tenants' bridges begin, so that a firewall can name them all.</summary>
    public const string BridgePrefix = "nos-";

    /// <summary>Linux ends the name of an interface at 15 characters.</summary>
    private const int BridgeNameLength = 15;

    // Operations of a group ask at once, and an engine that makes the same network twice at a time answers with whatever it stumbles over first.
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _making = [];

    public static string NameOf(string job) => $"nosana-{job}";

    /// <summary>Makes the network unless it is there, and returns its id. The making itself is not cancelled: others may wait for it.</summary>
    public Task<string> EnsureAsync(string name, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken = default) =>
        _making.GetOrAdd(name, _ => new Lazy<Task<string>>(() => MakeAsync(name, labels))).Value.WaitAsync(cancellationToken);

    /// <summary>Removes the network; one that is gone already is not an error.</summary>
    public async Task RemoveAsync(string name, CancellationToken cancellationToken = default)
    {
        try
        {
            await client.DeleteNetworkAsync(name, cancellationToken);
        }
        catch (DockerNetworkNotFoundException)
        {
            // Gone is removed.
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, $"Network {name} cannot be removed");
        }
    }

    /// <summary>What the engine is asked for.</summary>
    public static NetworksCreateParameters Write(string name, IReadOnlyDictionary<string, string> labels) => new()
    {
        Name = name,
        Driver = "bridge",
        Internal = false,
        Attachable = false,
        EnableIPv6 = false, // what has no IPv6 address needs no second set of egress rules
        Labels = new Dictionary<string, string>(labels),
        Options = new Dictionary<string, string>
        {
            ["com.docker.network.bridge.name"] = BridgeName(name),
            ["com.docker.network.bridge.enable_icc"] = "true",
        },
    };

    private static string BridgeName(string network) =>
        (BridgePrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(network))))[..BridgeNameLength];

    private async Task<string> MakeAsync(string name, IReadOnlyDictionary<string, string> labels)
    {
        try
        {
            if (await FindAsync(name, CancellationToken.None) is { } existing) return existing;
            try
            {
                NetworksCreateResponse created = await client.CreateNetworkAsync(Write(name, labels), CancellationToken.None);
                return created.ID;
            }
            catch (DockerApiException exception) when (exception.EngineMessage.Contains("already exists", StringComparison.OrdinalIgnoreCase))
            {
                // Made by somebody else between the look and the making.
                return await FindAsync(name, CancellationToken.None) ?? throw EngineFaultClassifier.OfContainer(exception, $"Network {name} cannot be made");
            }
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, $"Network {name} cannot be made");
        }
        finally
        {
            _making.TryRemove(name, out _);
        }
    }

    private async Task<string?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            NetworkResponse found = await client.InspectNetworkAsync(name, cancellationToken);
            return found.Name == name ? found.ID : null;
        }
        catch (DockerNetworkNotFoundException)
        {
            return null;
        }
    }
}
