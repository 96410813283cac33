using Nosana.Solana.Wallet;

namespace Nosana.Programs;

/// <summary>An address derived from seeds, with the bump seed that took it off the curve.</summary>
public readonly record struct ProgramDerivedAddress(PublicKey Address, byte Bump)
{
    /// <summary>Derives with the highest bump that works, as every program here does.</summary>
    /// <exception cref="InvalidOperationException">No bump leads off the curve (it does not happen: one in 2^256).</exception>
    public static ProgramDerivedAddress Find(PublicKey program, params IEnumerable<byte[]> seeds) =>
        PublicKey.TryFindProgramAddress(seeds, program, out PublicKey address, out byte bump)
            ? new ProgramDerivedAddress(address, bump)
            : throw new InvalidOperationException($"No bump seed leads to an address of program {program}.");
}
