using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Nosana.Node.Jobs.Tunnels;

namespace Nosana.Node.Ssh.Server;

/// <summary>SSH in tunnels: the network chooses by host name and forwards bytes alone, so that each name has an address of its own here.</summary>
internal sealed class SshTunnelService(SshServer server, SshAvailability availability, SshNames names) : ITunnelService
{
    /// <summary>Below the range from which systems take ports for connections.</summary>
    private const int FirstPort = 20_000, Ports = 12_000;

    public ServedInTunnel? Open(string job, int op, IPAddress at) =>
        Open(new SshTarget(job, op), string.Create(CultureInfo.InvariantCulture, $"{job}-{op}-ssh"), names.OfOp(job, op), at);

    /// <summary>The node's own, whose user names choose the job.</summary>
    public ServedInTunnel? OpenNode(string node, IPAddress at) => Open(SshTarget.Gateway, $"{node}-ssh", names.OfNode, at);

    private ServedInTunnel? Open(SshTarget target, string name, string hostName, IPAddress at)
    {
        if (availability.Off is not null) return null;
        SshListener listener = Listen(target, name, at);
        return new ServedInTunnel(
            new FrpProxy
            {
                Name = name,
                Type = FrpProxy.TcpMux,
                LocalIp = at.ToString(),
                LocalPorts = listener.Address.Port.ToString(CultureInfo.InvariantCulture),
                CustomDomain = hostName,
            },
            listener);
    }

    /// <summary>The same port after a restart of the agent, so that the tunnel is still right; where somebody has it, another.</summary>
    private SshListener Listen(SshTarget target, string name, IPAddress at)
    {
        int port = FirstPort + (int)(BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(name))) % Ports);
        try
        {
            return server.ListenFor(new IPEndPoint(at, port), target);
        }
        catch (SocketException)
        {
            return server.ListenFor(new IPEndPoint(at, 0), target);
        }
    }
}
