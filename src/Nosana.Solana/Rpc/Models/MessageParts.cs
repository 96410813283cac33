using Nosana.Solana.Wallet;

namespace Nosana.Solana.Rpc.Models;

/// <summary>The two forms of a transaction's message.</summary>
public enum MessageVersion
{
    /// <summary>Without a version byte.</summary>
    Legacy,

    /// <summary>Version byte 0x80; may load accounts from address lookup tables.</summary>
    V0,
}

/// <summary>How the leading account keys of a message divide: signers first, read-only ones last within signers and within the rest.</summary>
public readonly record struct MessageHeader(byte RequiredSignatures, byte ReadOnlySignedAccounts, byte ReadOnlyUnsignedAccounts);

/// <summary>An instruction whose accounts are indexes into the message's keys.</summary>
public sealed record CompiledInstruction(byte ProgramIdIndex, byte[] KeyIndices, byte[] Data);

/// <summary>Accounts that a v0 message loads from an on-chain lookup table.</summary>
public sealed record MessageAddressTableLookup(PublicKey AccountKey, byte[] WritableIndexes, byte[] ReadonlyIndexes);
