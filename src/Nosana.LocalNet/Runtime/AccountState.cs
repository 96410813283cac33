using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>A committed account: immutable, so that readers need no lock and a failed transaction leaves nothing to undo.</summary>
/// <param name="Lamports">Balance in lamports (1 SOL = 1e9). An account with 0 lamports does not exist.</param>
/// <param name="Owner">The program that may change the data and debit the lamports.</param>
/// <param name="Data">The bytes; never written after construction.</param>
/// <param name="Executable">Whether the account is a program.</param>
public sealed record AccountState(ulong Lamports, PublicKey Owner, ReadOnlyMemory<byte> Data, bool Executable = false)
{
    /// <summary>What the runtime shows for an address that holds nothing: no lamports, no data, owned by the system program.</summary>
    public static readonly AccountState Empty = new(0, default, default);
}
