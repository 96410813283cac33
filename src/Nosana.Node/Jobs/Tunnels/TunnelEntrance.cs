using System.Net;
using Docker.DotNet.Models;
using Nosana.Docker;
using Nosana.Node.Engine;
using Nosana.Node.Exposure;

namespace Nosana.Node.Jobs.Tunnels;

/// <summary>
/// Where tunnel clients, which are containers, reach this agent: at the gateway of a network that is theirs alone. The ingress listens there, too, as soon
/// as the first needs it.
/// </summary>
internal sealed class TunnelEntrance(IEngineClient client, ExposureServer ingress, TrustedPeers trusted) : IDisposable
{
    private readonly SemaphoreSlim _one = new(1);
    private IPAddress? _listening;

    /// <param name="agent">Whose network it is.</param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="EngineException">The engine cannot be asked, or has no gateway for the network.</exception>
    /// <exception cref="ExposureAddressException">The gateway is none of this machine's addresses: the engine is elsewhere.</exception>
    public async Task<(string Network, IPEndPoint Ingress)> OpenAsync(string agent, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            string name = $"nosana-tunnel-{agent}";
            var ingressAt = new IPEndPoint(await GatewayAsync(name, agent, cancel), ingress.Address.Port);
            if (!ingressAt.Address.Equals(_listening)) await ingress.ListenAsync(ingressAt, cancel);
            _listening = ingressAt.Address;
            return (name, ingressAt);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task<IPAddress> GatewayAsync(string name, string agent, CancellationToken cancel)
    {
        try
        {
            return GatewayOf(await FindOrMakeAsync(name, agent, cancel))
                ?? throw new EngineException(EngineFault.Other, $"The engine gave network {name} no gateway, at which a tunnel could reach this agent.");
        }
        catch (DockerException e)
        {
            throw EngineFaultClassifier.OfContainer(e, $"Network {name} for tunnels cannot be made");
        }
    }

    private async Task<NetworkResponse> FindOrMakeAsync(string name, string agent, CancellationToken cancel)
    {
        try
        {
            return await client.InspectNetworkAsync(name, cancel);
        }
        catch (DockerNetworkNotFoundException)
        {
            // Not one of the bridges of jobs: what goes through here goes to the internet, and to this agent.
            var labels = new Dictionary<string, string> { [EngineLabels.Agent] = agent };
            await client.CreateNetworkAsync(new NetworksCreateParameters { Name = name, Driver = "bridge", EnableIPv6 = false, Labels = labels }, cancel);
            return await client.InspectNetworkAsync(name, cancel);
        }
    }

    /// <summary>Its clients are this host's own: they are believed when they say for whom they speak.</summary>
    private IPAddress? GatewayOf(NetworkResponse network)
    {
        foreach (IPAMConfig config in network.IPAM?.Config ?? [])
        {
            if (!IPAddress.TryParse(config.Gateway, out IPAddress? gateway)) continue;
            if (IPNetwork.TryParse(config.Subnet, out IPNetwork subnet) && !trusted.Has(gateway)) trusted.Add(subnet);
            return gateway;
        }
        return null;
    }
}
