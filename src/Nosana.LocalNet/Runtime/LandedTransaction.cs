namespace Nosana.LocalNet.Runtime;

/// <summary>A transaction of the ledger.</summary>
/// <param name="Signature">The first signature, in base58.</param>
/// <param name="Wire">As it was sent.</param>
/// <param name="Result">What it did.</param>
internal sealed record LandedTransaction(string Signature, WireTransaction Wire, TransactionResult Result);
