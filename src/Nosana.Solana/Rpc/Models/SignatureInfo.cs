using System.Text.Json.Serialization;

namespace Nosana.Solana.Rpc.Models;

/// <summary>A transaction that touched an address, newest first in lists.</summary>
/// <param name="BlockTime">Unix seconds.</param>
public sealed record SignatureInfo(
    string Signature,
    ulong Slot,
    [property: JsonPropertyName("err")] TransactionError? Error = null,
    long? BlockTime = null,
    Commitment? ConfirmationStatus = null,
    string? Memo = null);

/// <summary>What a node knows of a transaction.</summary>
/// <param name="Slot">The slot it landed in.</param>
/// <param name="Error">Null when it succeeded.</param>
/// <param name="ConfirmationStatus">How settled its block is; null on very old nodes.</param>
/// <param name="Confirmations">Blocks since, null when rooted.</param>
public sealed record SignatureStatusInfo(
    ulong Slot, [property: JsonPropertyName("err")] TransactionError? Error = null, Commitment? ConfirmationStatus = null, ulong? Confirmations = null)
{
    /// <summary>Whether the block is at least as settled as asked.</summary>
    public bool IsAtLeast(Commitment commitment) => (ConfirmationStatus ?? (Confirmations is null ? Commitment.Finalized : Commitment.Processed)) >= commitment;
}
