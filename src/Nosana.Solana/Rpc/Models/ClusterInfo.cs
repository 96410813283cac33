using System.Text.Json.Serialization;

namespace Nosana.Solana.Rpc.Models;

/// <summary>Where the chain stands: slot and block height of the same moment.</summary>
public sealed record EpochInfo(ulong AbsoluteSlot, ulong BlockHeight, ulong Epoch, ulong SlotIndex, ulong SlotsInEpoch, ulong? TransactionCount = null);

/// <summary>A blockhash and the last block height at which a transaction that names it can land.</summary>
public sealed record LatestBlockHash(string Blockhash, ulong LastValidBlockHeight);

/// <summary>The software of a node.</summary>
public sealed record NodeVersion(
    [property: JsonPropertyName("solana-core")] string SolanaCore, [property: JsonPropertyName("feature-set")] ulong? FeatureSet = null);

/// <summary>The lowest price that landed in a slot, in micro-lamports a compute unit.</summary>
public sealed record PrioritizationFeeItem(ulong Slot, ulong PrioritizationFee);
