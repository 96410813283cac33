namespace Nosana.Solana.Rpc.Models;

/// <summary>The part of the accounts' data to return, in bytes.</summary>
public readonly record struct DataSlice(int Offset, int Length);
