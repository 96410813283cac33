using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>A transaction as it came over the wire, decoded and checked for form.</summary>
internal sealed class WireTransaction
{
    public required byte[] Bytes { get; init; }

    /// <summary>64 bytes each, in the order of the signing keys.</summary>
    public required byte[][] Signatures { get; init; }

    /// <summary>What the signatures cover.</summary>
    public required byte[] MessageBytes { get; init; }

    /// <summary>0 for a versioned message, null for a legacy one.</summary>
    public required int? Version { get; init; }

    /// <summary>Read-only counts of the header, signed and unsigned.</summary>
    public required (int Signed, int Unsigned) ReadOnly { get; init; }

    /// <summary>Address lookup tables the message names; this network holds none.</summary>
    public required IReadOnlyList<PublicKey> LookupTables { get; init; }

    public required ExecutableMessage Message { get; init; }

    /// <summary>The first signature: the transaction's identifier.</summary>
    public ReadOnlySpan<byte> Signature => Signatures[0];
}
