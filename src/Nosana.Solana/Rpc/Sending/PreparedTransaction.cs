namespace Nosana.Solana.Rpc.Sending;

/// <summary>A signed transaction that has not been sent yet: what a journal must hold to find out later what became of it.</summary>
/// <param name="Signature">Base58.</param>
/// <param name="LastValidBlockHeight">After this block height it cannot land any more.</param>
/// <param name="WireBytes">The signed bytes, at most 1,232.</param>
public sealed record PreparedTransaction(string Signature, ulong LastValidBlockHeight, ReadOnlyMemory<byte> WireBytes);
