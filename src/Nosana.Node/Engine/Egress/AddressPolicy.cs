using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Nosana.Node.Engine.Egress;

/// <summary>
/// Which addresses a stranger may have this host ask: those of the public internet that are neither this machine's nor on a network that it is
/// part of. One for everything that the agent fetches for jobs, after the same rules as those that keep containers in (<c>packaging/egress.sh</c>).
/// </summary>
/// <param name="egress">The operator's further ranges, opened and refused.</param>
/// <param name="interfaces">Addresses of this machine with the networks that they are in; null reads them from the system.</param>
internal sealed class AddressPolicy(
    EgressGuard egress, RefusedRanges refused, TimeProvider time, Func<IEnumerable<(IPAddress Address, int PrefixLength)>>? interfaces = null)
{
    /// <summary>Special-purpose ranges of the IANA registries (RFC 6890 and later) that are not globally reachable.</summary>
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(IPNetwork.Parse),
    ];

    /// <summary>Addresses come and go with leases and tunnels; to list them takes the system a few milliseconds.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly Func<IEnumerable<(IPAddress Address, int PrefixLength)>> _interfaces = interfaces ?? OfThisMachine;
    private readonly Lock _lock = new();
    private (IPAddress[] Own, IPNetwork[] OnLink)? _machine;
    private long _readAt;

    /// <summary>Whether a stranger may have this host connect to an address.</summary>
    public bool Allows(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6)) return false;
        (IPAddress[] own, IPNetwork[] onLink) = Machine();
        if (own.Contains(address) || IPAddress.IsLoopback(address)) return false;
        EgressStatus rules = egress.Read();
        if (Holds(rules.Loosened.Select(RangeOf), address)) return true;
        return !Holds(NotPublic, address) && !Holds(onLink, address) && !Holds(refused.Ranges, address) && !Holds(rules.Refused.Select(RangeOf), address);
    }

    /// <summary>
    /// Connects to an allowed address of the host. The address that was looked at is the one that is connected to, whatever the name says next.
    /// </summary>
    /// <exception cref="AddressRefusedException">It has none.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = IPAddress.TryParse(endpoint.Host, out IPAddress? literal)
            ? [literal]
            : await Dns.GetHostAddressesAsync(endpoint.Host, cancellationToken);
        IPAddress[] allowed = [.. addresses.Where(Allows)];
        if (allowed.Length == 0 && addresses.Length > 0) throw new AddressRefusedException(endpoint.Host);
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

    private static bool Holds(IEnumerable<IPNetwork> ranges, IPAddress address) =>
        ranges.Any(range => range.BaseAddress.AddressFamily == address.AddressFamily && range.Contains(address));

    private (IPAddress[] Own, IPNetwork[] OnLink) Machine()
    {
        lock (_lock)
        {
            if (_machine is { } known && time.GetElapsedTime(_readAt) < Fresh) return known;
            (IPAddress Address, int PrefixLength)[] all = [.. _interfaces()];
            _readAt = time.GetTimestamp();
            _machine = ([.. all.Select(one => WithoutScope(one.Address))], [.. all.Where(one => one.PrefixLength > 0).Select(NetworkOf)]);
            return _machine.Value;
        }
    }

    private static IEnumerable<(IPAddress Address, int PrefixLength)> OfThisMachine() =>
        from one in NetworkInterface.GetAllNetworkInterfaces()
        from address in one.GetIPProperties().UnicastAddresses
        select (address.Address, address.PrefixLength);

    // The script checked it: a range, whose host part may be set, or one address.
    private static IPNetwork RangeOf(string text)
    {
        string[] parts = text.Split('/');
        var first = IPAddress.Parse(parts[0]);
        return NetworkOf((first, parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : first.GetAddressBytes().Length * 8));
    }

    private static IPNetwork NetworkOf((IPAddress Address, int PrefixLength) one)
    {
        byte[] bytes = one.Address.GetAddressBytes();
        for (int bit = one.PrefixLength; bit < bytes.Length * 8; bit++) bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPNetwork(new IPAddress(bytes), one.PrefixLength);
    }

    private static IPAddress WithoutScope(IPAddress address) => new(address.GetAddressBytes());
}

/// <summary>Ranges that the operator's settings refuse.</summary>
internal sealed record RefusedRanges(IReadOnlyList<IPNetwork> Ranges);

/// <summary>A stranger named a host that is not on the public internet.</summary>
internal sealed class AddressRefusedException(string host)
    : Exception($"{host} is not on the public internet, and this host asks nothing else for a job")
{
    public string Host { get; } = host;
}
