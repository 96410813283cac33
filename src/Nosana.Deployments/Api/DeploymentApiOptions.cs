using System.Net;

namespace Nosana.Deployments.Api;

/// <summary>What whoever starts the API decides.</summary>
public sealed record DeploymentApiOptions
{
    /// <summary>Where it listens; port 0 takes any free one.</summary>
    public IPEndPoint Address { get; init; } = new(IPAddress.Loopback, 3001);

    /// <summary>The part of the process that it is told to be, for <c>/health</c>: <c>all</c>, <c>api</c> or <c>worker</c>.</summary>
    public string Role { get; init; } = "all";

    /// <summary>Below it are the names of endpoints; the network's tunnel on mainnet.</summary>
    public string EndpointHost { get; init; } = "node.k8s.prd.nos.ci";

    /// <summary>Of a deployment whose maker says nothing of it.</summary>
    public bool IsConfidentialByDefault { get; init; }

    /// <summary>
    /// An authorization without a time is refused. The network's clients of wallets write none, so that this shuts them out; their time is not signed
    /// anyway, and whoever needs authorizations that end uses an API key.
    /// </summary>
    public bool RequiresTime { get; init; }

    /// <summary>The most replicas of one deployment: a market's queue holds 314 jobs.</summary>
    public int MostReplicas { get; init; } = 300;

    /// <summary>Requests a second of one client's address; twice as many at once. 0 has no limit.</summary>
    public int RatePerAddress { get; init; } = 200;

    /// <summary>Requests a second of one owner; twice as many at once. 0 has no limit.</summary>
    public int RatePerOwner { get; init; } = 50;

    /// <summary>Event streams of one owner at a time.</summary>
    public int MostStreams { get; init; } = 50;
}
