using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Sending;

/// <summary>What a transaction offers for its place in a block. The defaults are those of Nosana's official clients.</summary>
public sealed record ComputeBudgetOptions
{
    /// <summary>Lowest price in micro-lamports a compute unit.</summary>
    public ulong PriceFloor { get; init; } = 10_000;

    /// <summary>Highest price in micro-lamports a compute unit.</summary>
    public ulong PriceCap { get; init; } = 15_000_000;

    /// <summary>Which of the recent prices, 0 to 100: 25 low, 50 medium, 75 high.</summary>
    public int PricePercentile { get; init; } = 50;

    /// <summary>Accounts whose recent prices are sampled: wrapped SOL and USDC, the busiest ones.</summary>
    public IReadOnlyList<PublicKey> PriceAccounts { get; init; } =
    [
        new("So11111111111111111111111111111111111111112"),
        new("EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"),
    ];

    /// <summary>How long a sampled price is used.</summary>
    public TimeSpan PriceMaxAge { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Set the limit from a simulation, so that no more is paid for than is used.</summary>
    public bool LimitFromSimulation { get; init; } = true;

    /// <summary>Room above the simulated use: the state may differ when the transaction runs.</summary>
    public double LimitFactor { get; init; } = 1.1;
}
