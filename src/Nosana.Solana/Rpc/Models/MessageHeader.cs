namespace Nosana.Solana.Rpc.Models;

/// <summary>How the leading account keys of a message divide: signers first, read-only ones last within signers and within the rest.</summary>
public readonly record struct MessageHeader(byte RequiredSignatures, byte ReadOnlySignedAccounts, byte ReadOnlyUnsignedAccounts);
