using Nosana.Programs;

namespace Nosana.LocalNet.Programs;

/// <summary>Which builds of Nosana's programs a chain runs.</summary>
public sealed record NosanaProgramOptions
{
    /// <summary>
    /// The networks served at once, the first being the one that has what only one can have (staking settings, the vault of the reflection).
    /// Keys with special rights are overridden here: <c>ProgramAddresses.Mainnet with { MarketAdmin = ... }</c>.
    /// </summary>
    public IReadOnlyList<ProgramAddresses> Networks { get; init; } = [ProgramAddresses.Mainnet, ProgramAddresses.Devnet];

    /// <summary>The network's fee is the deposit divided by this, on top of it: 0 none (since version 2.2.2), 10 before.</summary>
    public ulong FeeDivisor { get; init; }

    /// <summary>Whether two writable accounts of a call must differ (2040): true since version 2.2.4, false before.</summary>
    public bool RejectDuplicateAccounts { get; init; } = true;
}
