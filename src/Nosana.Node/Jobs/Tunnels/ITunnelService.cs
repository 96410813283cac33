using System.Net;

namespace Nosana.Node.Jobs.Tunnels;

/// <summary>What the tunnel of an operation serves beside its exposed ports; for the rooms above, which register theirs.</summary>
internal interface ITunnelService
{
    /// <param name="job">The job.</param>
    /// <param name="op">Index of the operation.</param>
    /// <param name="at">Where tunnel clients reach this agent.</param>
    /// <returns>Null when it is not served; disposed when the operation ends.</returns>
    ServedInTunnel? Open(string job, int op, IPAddress at);
}

/// <summary>Something that listens for a tunnel client, and how that is told of it.</summary>
internal sealed class ServedInTunnel(FrpProxy proxy, IAsyncDisposable listener) : IAsyncDisposable
{
    public FrpProxy Proxy { get; } = proxy;

    public ValueTask DisposeAsync() => listener.DisposeAsync();
}
