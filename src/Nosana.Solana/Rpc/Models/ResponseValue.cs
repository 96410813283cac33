namespace Nosana.Solana.Rpc.Models;

/// <summary>A value and the slot at which the node read it.</summary>
public sealed record ResponseValue<T>(ResponseContext Context, T Value);

/// <summary>The slot at which a node answered.</summary>
public sealed record ResponseContext(ulong Slot);
