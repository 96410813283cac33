namespace Nosana.Solana.Rpc.Models;

/// <summary>The slot at which a node answered.</summary>
public sealed record ResponseContext(ulong Slot);
