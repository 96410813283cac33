using System.Net;
using System.Net.Sockets;

namespace Nosana.Node.Engine.Resources;

/// <summary>
/// Addresses that a stranger's definition may make this host ask: those of the public internet. Else a resource would be a way to read
/// the machine's own services, its neighbours, and a cloud's metadata.
/// </summary>
internal static class AddressGuard
{
    /// <summary>Special-purpose ranges of the IANA registries (RFC 6890 and later) that are not globally reachable.</summary>
    private static readonly IPNetwork[] Refused =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6
            && !Refused.Any(range => range.BaseAddress.AddressFamily == address.AddressFamily && range.Contains(address));
    }

    /// <summary>
    /// Connects to a public address of the host. The address that was looked at is the one that is connected to, whatever the name says next.
    /// </summary>
    public static async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = IPAddress.TryParse(endpoint.Host, out IPAddress? literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(endpoint.Host, cancellationToken);
        IPAddress[] allowed = [.. addresses.Where(IsPublic)];
        if (allowed.Length == 0 && addresses.Length > 0)
        {
            throw new ResourceException(ResourceFault.Invalid,
                $"{endpoint.Host} is not on the public internet, and this host fetches from there only. Put the files where everybody can reach them; "
                    + "the host's operator may name a mirror (--mirror).");
        }
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, endpoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
