using Nosana.Solana.Wallet;

namespace Nosana.Programs.Accounts;

/// <summary>The collection that a token's metadata names; only a verified one counts.</summary>
public sealed record TokenCollection(bool Verified, PublicKey Key);
