namespace Nosana.Solana.Rpc.Streaming;

/// <summary>A slot that a node has processed.</summary>
public sealed record SlotInfo(ulong Slot, ulong Parent, ulong Root);
