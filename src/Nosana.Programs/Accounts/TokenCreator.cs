using Nosana.Solana.Wallet;

namespace Nosana.Programs.Accounts;

/// <summary>A creator in a token's metadata; share in percent.</summary>
public sealed record TokenCreator(PublicKey Address, bool Verified, byte Share);
