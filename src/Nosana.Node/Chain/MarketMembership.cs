using Nosana.Solana.Wallet;

namespace Nosana.Node.Chain;

/// <summary>The market that this host serves, and what lets it in.</summary>
/// <param name="AccessKey">Mint of the access key; null in an open market.</param>
internal sealed record MarketMembership(PublicKey Market, PublicKey? AccessKey);
