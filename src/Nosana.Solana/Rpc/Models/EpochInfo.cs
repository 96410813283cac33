namespace Nosana.Solana.Rpc.Models;

/// <summary>Where the chain stands: slot and block height of the same moment.</summary>
public sealed record EpochInfo(ulong AbsoluteSlot, ulong BlockHeight, ulong Epoch, ulong SlotIndex, ulong SlotsInEpoch, ulong? TransactionCount = null);
