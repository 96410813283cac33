using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Models;

/// <summary>Accounts that a v0 message loads from an on-chain lookup table.</summary>
public sealed record MessageAddressTableLookup(PublicKey AccountKey, byte[] WritableIndexes, byte[] ReadonlyIndexes);
