using System.Net;

namespace Nosana.Node.Jobs.Tunnels;

/// <summary>One tunnel client: what it is called, and what it serves.</summary>
internal sealed record Tunnel
{
    /// <summary>Of the container.</summary>
    public required string Name { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>Beside those that name the server and the proxies.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    public IReadOnlyList<Engine.Containers.VolumeMount> Mounts { get; init; } = [];

    /// <summary>Whose network for tunnels it is on.</summary>
    public required string Agent { get; init; }

    /// <summary>What is served; told where the container reaches this agent.</summary>
    public required Func<IPEndPoint, IReadOnlyList<FrpProxy>> Proxies { get; init; }
}

/// <summary>How a tunnel is.</summary>
internal enum TunnelState
{
    /// <summary>Its image or its container is being got.</summary>
    Starting,

    /// <summary>Its container runs. Whether the server has taken its names is known to the server.</summary>
    Running,

    /// <summary>It ended or could not be started, and is tried again.</summary>
    Failing,
}
