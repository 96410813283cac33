using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>
/// A field by which clients look accounts up, so that a lookup costs what it finds and not what exists.
/// </summary>
/// <param name="Owner">The program that owns the accounts.</param>
/// <param name="Discriminator">First 8 bytes of the accounts meant; empty for accounts without one.</param>
/// <param name="Offset">Where the field starts.</param>
/// <param name="Length">Its length in bytes, 1 to 32.</param>
public sealed record AccountIndex(PublicKey Owner, ReadOnlyMemory<byte> Discriminator, int Offset, int Length);
