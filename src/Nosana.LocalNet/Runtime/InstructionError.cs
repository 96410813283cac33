namespace Nosana.LocalNet.Runtime;

/// <summary>
/// How an instruction failed, in the form a Solana node reports it inside <c>{"InstructionError":[index, ...]}</c>:
/// a bare name, or <c>{"Custom":code}</c>.
/// </summary>
/// <param name="Name">Solana's name of the error; <c>Custom</c> with a code.</param>
/// <param name="Code">The program's own error number, for <c>Custom</c> only.</param>
public sealed record InstructionError(string Name, uint? Code = null)
{
    public static readonly InstructionError GenericError = new(nameof(GenericError));
    public static readonly InstructionError InvalidArgument = new(nameof(InvalidArgument));
    public static readonly InstructionError InvalidInstructionData = new(nameof(InvalidInstructionData));
    public static readonly InstructionError InvalidAccountData = new(nameof(InvalidAccountData));
    public static readonly InstructionError AccountDataTooSmall = new(nameof(AccountDataTooSmall));
    public static readonly InstructionError InsufficientFunds = new(nameof(InsufficientFunds));
    public static readonly InstructionError IncorrectProgramId = new(nameof(IncorrectProgramId));
    public static readonly InstructionError MissingRequiredSignature = new(nameof(MissingRequiredSignature));
    public static readonly InstructionError AccountAlreadyInitialized = new(nameof(AccountAlreadyInitialized));
    public static readonly InstructionError UninitializedAccount = new(nameof(UninitializedAccount));
    public static readonly InstructionError UnbalancedInstruction = new(nameof(UnbalancedInstruction));
    public static readonly InstructionError ModifiedProgramId = new(nameof(ModifiedProgramId));
    public static readonly InstructionError ExternalAccountLamportSpend = new(nameof(ExternalAccountLamportSpend));
    public static readonly InstructionError ExternalAccountDataModified = new(nameof(ExternalAccountDataModified));
    public static readonly InstructionError ReadonlyLamportChange = new(nameof(ReadonlyLamportChange));
    public static readonly InstructionError ReadonlyDataModified = new(nameof(ReadonlyDataModified));
    public static readonly InstructionError UnsupportedProgramId = new(nameof(UnsupportedProgramId));
    public static readonly InstructionError NotEnoughAccountKeys = new(nameof(NotEnoughAccountKeys));
    public static readonly InstructionError MissingAccount = new(nameof(MissingAccount));
    public static readonly InstructionError CallDepth = new(nameof(CallDepth));
    public static readonly InstructionError ReentrancyNotAllowed = new(nameof(ReentrancyNotAllowed));
    public static readonly InstructionError MaxSeedLengthExceeded = new(nameof(MaxSeedLengthExceeded));
    public static readonly InstructionError InvalidSeeds = new(nameof(InvalidSeeds));
    public static readonly InstructionError InvalidRealloc = new(nameof(InvalidRealloc));
    public static readonly InstructionError ComputationalBudgetExceeded = new(nameof(ComputationalBudgetExceeded));
    public static readonly InstructionError PrivilegeEscalation = new(nameof(PrivilegeEscalation));
    public static readonly InstructionError ProgramFailedToComplete = new(nameof(ProgramFailedToComplete));
    public static readonly InstructionError AccountNotRentExempt = new(nameof(AccountNotRentExempt));
    public static readonly InstructionError InvalidAccountOwner = new(nameof(InvalidAccountOwner));
    public static readonly InstructionError ArithmeticOverflow = new(nameof(ArithmeticOverflow));
    public static readonly InstructionError IllegalOwner = new(nameof(IllegalOwner));
    public static readonly InstructionError Immutable = new(nameof(Immutable));
    public static readonly InstructionError IncorrectAuthority = new(nameof(IncorrectAuthority));

    /// <summary>A program's own error number.</summary>
    public static InstructionError Custom(uint code) => new("Custom", code);

    public override string ToString() => Code is { } code ? $"Custom({code})" : Name;
}
