namespace Nosana.Solana.Rpc.Models;

/// <summary>The lowest price that landed in a slot, in micro-lamports a compute unit.</summary>
public sealed record PrioritizationFeeItem(ulong Slot, ulong PrioritizationFee);
