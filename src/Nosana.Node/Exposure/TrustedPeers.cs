using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Options;

namespace Nosana.Node.Exposure;

/// <summary>
/// Who is believed when he says whom he speaks for, by X-Forwarded headers or the PROXY protocol: whom the operator names, and the tunnels that this
/// host itself runs.
/// </summary>
internal sealed class TrustedPeers(IOptions<ExposureOptions> options)
{
    private ImmutableArray<IPNetwork> _networks = [.. options.Value.Trusted];

    public void Add(IPNetwork network) => ImmutableInterlocked.Update(ref _networks, static (all, one) => all.Add(one), network);

    public void Remove(IPNetwork network) => ImmutableInterlocked.Update(ref _networks, static (all, one) => all.Remove(one), network);

    public bool Has(IPAddress? peer)
    {
        ImmutableArray<IPNetwork> networks = _networks;
        if (peer is null || networks.IsEmpty) return false;
        IPAddress address = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        foreach (IPNetwork network in networks)
            if (network.Contains(address)) return true;
        return false;
    }
}
