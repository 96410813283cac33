using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.Node.Engine.Containers;

namespace Nosana.Node.Engine;

/// <summary>
/// Bridge networks of jobs: a job's operations find each other by alias, and no other job's container is on it. An engine takes longer to make a network
/// than to start a container, so that a slot keeps one ready, which its jobs have one after the other.
/// </summary>
internal sealed class JobNetworks(IEngineClient client)
{
    /// <summary>How the names of tenants' bridges begin, so that a firewall can name them all.</summary>
    public const string BridgePrefix = "nos-";

    /// <summary>Linux ends the name of an interface at 15 characters.</summary>
    private const int BridgeNameLength = 15;

    // Operations of a group ask at once, and an engine that makes the same network twice at a time answers with whatever it stumbles over first.
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _making = [];

    /// <summary>A job's own network.</summary>
    public static string NameOf(string job) => $"nosana-{job}";

    /// <summary>The network that a slot keeps.</summary>
    public static string NameOfSlot(string agent, string slot) => $"nosana-{agent}-{slot}";

    /// <summary>Makes the network that a slot keeps, unless it is there.</summary>
    public Task PrepareAsync(string agent, string slot, CancellationToken cancellationToken = default) =>
        EnsureAsync(NameOfSlot(agent, slot), LabelsOfSlot(agent, slot), cancellationToken);

    /// <summary>The network that a job's containers are to be on; it is there.</summary>
    /// <param name="labels">The job's.</param>
    /// <param name="joined">The one that others of its containers are on; null when that is not known.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<string> JoinAsync(IReadOnlyDictionary<string, string> labels, string? joined, CancellationToken cancellationToken = default)
    {
        (string agent, string slot, string own) = (labels[EngineLabels.Agent], labels[EngineLabels.Slot], NameOf(labels[EngineLabels.Job]));
        string name = joined ?? (await MayHaveAsync(labels, NameOfSlot(agent, slot), own, cancellationToken) ? NameOfSlot(agent, slot) : own);
        await EnsureAsync(name, name == own ? labels : LabelsOfSlot(agent, slot), cancellationToken);
        return name;
    }

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

    private static Dictionary<string, string> LabelsOfSlot(string agent, string slot) => new() { [EngineLabels.Agent] = agent, [EngineLabels.Slot] = slot };

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

    /// <summary>Whether a job may have the slot's network: none of another job's containers is there, or it had it before an agent's restart.</summary>
    private async Task<bool> MayHaveAsync(IReadOnlyDictionary<string, string> labels, string shared, string own, CancellationToken cancellationToken)
    {
        try
        {
            if (await FindAsync(shared, cancellationToken) is null || await FindAsync(own, cancellationToken) is not null) return false;
            DockerFilters ofSlot = LabelFilter.Of(LabelsOfSlot(labels[EngineLabels.Agent], labels[EngineLabels.Slot]));
            IList<ContainerListResponse> there =
                await client.ListContainersAsync(new ContainersListParameters { All = true, Filters = ofSlot }, cancellationToken);
            bool IsOfJob(ContainerListResponse container) => container.Labels.TryGetValue(EngineLabels.Job, out string? job) && job == labels[EngineLabels.Job];
            return there.Count == 0 || there.Any(IsOfJob);
        }
        catch (DockerException exception)
        {
            throw EngineFaultClassifier.OfContainer(exception, "Networks cannot be looked at");
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
