using System.Globalization;
using Nosana.Node.Chain;
using Nosana.Node.Engine.Containers;
using Nosana.Node.Jobs.Tunnels;
using Nosana.Node.Ssh.Server;

namespace Nosana.Node.Operations;

/// <summary>The tunnel by which this host's own name leads to its API and to SSH, as long as the agent runs.</summary>
internal sealed class NodeTunnel(TunnelClients tunnels, HostWallet wallet, SshTunnelService ssh) : BackgroundService
{
    private ServedInTunnel? _ssh;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield(); // the host's start does not wait for it
        await tunnels.RunAsync(TunnelOf(wallet.Address, tunnels.Domain), stoppingToken, CancellationToken.None);
        if (_ssh is not null) await _ssh.DisposeAsync();
    }

    private Tunnel TunnelOf(string address, string domain) => new()
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
            .. (_ssh ??= ssh.OpenNode(address, ingress.Address)) is { } served ? [served.Proxy] : Array.Empty<FrpProxy>(),
        ],
    };
}
