namespace Nosana.LocalNet.Runtime;

/// <summary>Why a transaction failed, in the forms a Solana node reports it.</summary>
public sealed record TransactionError(string Name)
{
    public static readonly TransactionError AccountNotFound = new(nameof(AccountNotFound));
    public static readonly TransactionError ProgramAccountNotFound = new(nameof(ProgramAccountNotFound));
    public static readonly TransactionError InvalidProgramForExecution = new(nameof(InvalidProgramForExecution));
    public static readonly TransactionError InsufficientFundsForFee = new(nameof(InsufficientFundsForFee));
    public static readonly TransactionError InvalidAccountForFee = new(nameof(InvalidAccountForFee));
    public static readonly TransactionError AlreadyProcessed = new(nameof(AlreadyProcessed));
    public static readonly TransactionError BlockhashNotFound = new(nameof(BlockhashNotFound));
    public static readonly TransactionError SignatureFailure = new(nameof(SignatureFailure));
    public static readonly TransactionError SanitizeFailure = new(nameof(SanitizeFailure));
    public static readonly TransactionError AddressLookupTableNotFound = new(nameof(AddressLookupTableNotFound));

    /// <summary>Set for <c>InstructionError</c> and <c>DuplicateInstruction</c>: which instruction.</summary>
    public int? InstructionIndex { get; private init; }

    /// <summary>Set for <c>InstructionError</c>: how it failed.</summary>
    public InstructionError? Instruction { get; private init; }

    /// <summary>Set for <c>InsufficientFundsForRent</c>: index of the account in the message.</summary>
    public int? AccountIndex { get; private init; }

    public static TransactionError InstructionFailed(int index, InstructionError error) =>
        new("InstructionError") { InstructionIndex = index, Instruction = error };

    public static TransactionError InsufficientFundsForRent(int accountIndex) => new(nameof(InsufficientFundsForRent)) { AccountIndex = accountIndex };

    public static TransactionError DuplicateInstruction(int index) => new(nameof(DuplicateInstruction)) { InstructionIndex = index };

    public override string ToString() => Instruction is { } error ? $"InstructionError({InstructionIndex}, {error})" : Name;
}
