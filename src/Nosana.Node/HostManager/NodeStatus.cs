namespace Nosana.Node.HostManager;

/// <summary>Where a host stands with the network's operators.</summary>
internal enum NodeStanding
{
    /// <summary>Accepted.</summary>
    Onboarded,

    /// <summary>Registered, and waiting to be accepted.</summary>
    Waiting,

    /// <summary>Never registered.</summary>
    Unknown,
}

/// <summary>The host manager's entry of a host.</summary>
/// <param name="Status">The service's own word.</param>
/// <param name="Market">Market it was assigned to, as the service writes it; null when it says none.</param>
/// <param name="AccessKeyMint">Mint of its access key, as the service writes it; null when it says none.</param>
internal sealed record NodeStatus(NodeStanding Standing, string Status, string? Market, string? AccessKeyMint);
