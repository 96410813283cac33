using System.Globalization;
using Nosana.Node.Chain;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Jobs.Tunnels;

namespace Nosana.Node.Operations;

/// <summary>The tunnel by which this host's own name leads to its API, as long as the agent runs.</summary>
internal sealed class NodeTunnel(TunnelClients tunnels, HostWallet wallet) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the host's start does not wait for it
        await tunnels.RunAsync(TunnelOf(wallet.Address, tunnels.Domain), stoppingToken, CancellationToken.None);
    }

    private static Tunnel TunnelOf(string address, string domain) => new()
    {
        Name = $"frpc-api-{address}",
        Command = ["-c", "/etc/frp/frpc.toml"],
        Labels = new Dictionary<string, string>(),
        Mounts = [new VolumeMount($"frpc-{address}-logs", "/data")],
        Agent = address,
        Proxies = ingress =>
        [
            new FrpProxy
            {
                Name = $"API-{address}",
                LocalIp = ingress.Address.ToString(),
                LocalPorts = ingress.Port.ToString(CultureInfo.InvariantCulture),
                CustomDomain = $"{address}.{domain}",
            },
        ],
    };
}
