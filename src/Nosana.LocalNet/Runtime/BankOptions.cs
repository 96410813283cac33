using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>What a bank is made of.</summary>
public sealed record BankOptions
{
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The programs deployed, built-in ones included.</summary>
    public required IReadOnlyList<IOnChainProgram> Programs { get; init; }

    /// <summary>Fields that lookups by getProgramAccounts are indexed by.</summary>
    public IReadOnlyList<AccountIndex> Indexes { get; init; } = [];

    /// <summary>Names this chain, and seeds its blockhashes.</summary>
    public PublicKey GenesisHash { get; init; }

    /// <summary>When slot 0 began; null: now.</summary>
    public DateTimeOffset? GenesisTime { get; init; }
}
