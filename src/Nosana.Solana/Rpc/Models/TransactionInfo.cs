namespace Nosana.Solana.Rpc.Models;

/// <summary>A transaction that landed.</summary>
/// <param name="BlockTime">Unix seconds.</param>
/// <param name="Transaction">The wire bytes; <see cref="Models.Transaction.Deserialize"/> reads them.</param>
public sealed record TransactionInfo(ulong Slot, long? BlockTime, byte[] Transaction, TransactionMeta? Meta);
