using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Genesis;

/// <summary>Keys that a caller brings along; what is null is made. The caller keeps and disposes what he gave.</summary>
public sealed record LocalNetKeyOptions
{
    public Account? Poster { get; init; }

    public Account? Host { get; init; }

    public Account? MarketAuthority { get; init; }

    public Account? MarketAdmin { get; init; }

    public Account? Authority { get; init; }

    public Account? MintAuthority { get; init; }

    public Account? MainnetMarket { get; init; }

    public Account? DevnetMarket { get; init; }
}
