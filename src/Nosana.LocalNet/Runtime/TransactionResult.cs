using Nosana.Solana.Wallet;

namespace Nosana.LocalNet.Runtime;

/// <summary>A token account's holding before or after a transaction.</summary>
internal readonly record struct TokenHolding(int AccountIndex, PublicKey Mint, PublicKey Owner, ulong Amount, byte Decimals);

/// <summary>What became of a transaction: landed (with or without an error), or only simulated.</summary>
internal sealed record TransactionResult
{
    public required ExecutableMessage Message { get; init; }

    /// <summary>Null when every instruction succeeded.</summary>
    public required TransactionError? Error { get; init; }

    /// <summary>False when nothing reached the chain, not even the fee: the transaction was refused before it ran.</summary>
    public required bool Landed { get; init; }

    public required ClockSnapshot Clock { get; init; }

    public IReadOnlyList<string> Logs { get; init; } = [];

    public IReadOnlyList<InnerCall> InnerCalls { get; init; } = [];

    public ulong UnitsConsumed { get; init; }

    public ulong Fee { get; init; }

    /// <summary>What the sender paid above the fee for signatures, in millionths of a lamport per compute unit asked for.</summary>
    public ulong MicroLamportsPerUnit { get; init; }

    public (PublicKey Program, byte[] Data)? ReturnData { get; init; }

    /// <summary>Lamports of every key of the message.</summary>
    public ulong[] PreBalances { get; init; } = [];

    public ulong[] PostBalances { get; init; } = [];

    public IReadOnlyList<TokenHolding> PreTokens { get; init; } = [];

    public IReadOnlyList<TokenHolding> PostTokens { get; init; } = [];

    /// <summary>Every account that has another state afterwards, with that state.</summary>
    public IReadOnlyList<KeyValuePair<PublicKey, AccountState>> Changes { get; init; } = [];
}

/// <summary>A call that a program made: which instruction of the transaction it belongs to, and how deep it was.</summary>
internal sealed record InnerCall(int InstructionIndex, CompiledCall Call, int StackHeight);
