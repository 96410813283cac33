using Nosana.Programs.Accounts;
using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Genesis;

/// <summary>The terms of the market that is open from the first block on, the same in both sets.</summary>
public sealed record MarketTerms
{
    /// <summary>Micro-NOS per second.</summary>
    public ulong JobPrice { get; init; } = 100;

    /// <summary>Seconds; informational.</summary>
    public long JobTimeout { get; init; } = 7_200;

    /// <summary>Seconds that a finished job must age before anyone may clean it.</summary>
    public long JobExpiration { get; init; } = 86_400;

    public JobType JobType { get; init; } = JobType.Gpu;

    /// <summary>Least stake weight of a host, in micro-xNOS.</summary>
    public UInt128 NodeXnosMinimum { get; init; }

    /// <summary>Collection mint of the access keys; zero for a market open to all.</summary>
    public PublicKey NodeAccessKey { get; init; }
}
