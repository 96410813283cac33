namespace Nosana.Solana.Rpc.Models;

/// <summary>A blockhash and the last block height at which a transaction that names it can land.</summary>
public sealed record LatestBlockHash(string Blockhash, ulong LastValidBlockHeight);
