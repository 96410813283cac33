namespace Nosana.LocalNet.Runtime;

/// <summary>The words that a node's log uses for an instruction error; clients show them to people.</summary>
internal static class InstructionErrorText
{
    private static readonly Dictionary<string, string> Texts = new()
    {
        ["GenericError"] = "generic instruction error",
        ["InvalidArgument"] = "invalid program argument",
        ["InvalidInstructionData"] = "invalid instruction data",
        ["InvalidAccountData"] = "invalid account data for instruction",
        ["AccountDataTooSmall"] = "account data too small for instruction",
        ["InsufficientFunds"] = "insufficient funds for instruction",
        ["IncorrectProgramId"] = "incorrect program id for instruction",
        ["MissingRequiredSignature"] = "missing required signature for instruction",
        ["AccountAlreadyInitialized"] = "instruction requires an uninitialized account",
        ["UninitializedAccount"] = "instruction requires an initialized account",
        ["UnbalancedInstruction"] = "sum of account balances before and after instruction do not match",
        ["ModifiedProgramId"] = "instruction illegally modified the program id of an account",
        ["ExternalAccountLamportSpend"] = "instruction spent from the balance of an account it does not own",
        ["ExternalAccountDataModified"] = "instruction modified data of an account it does not own",
        ["ReadonlyLamportChange"] = "instruction changed the balance of a read-only account",
        ["ReadonlyDataModified"] = "instruction modified data of a read-only account",
        ["UnsupportedProgramId"] = "Unsupported program id",
        ["NotEnoughAccountKeys"] = "insufficient account keys for instruction",
        ["MissingAccount"] = "An account required by the instruction is missing",
        ["CallDepth"] = "Cross-program invocation call depth too deep",
        ["ReentrancyNotAllowed"] = "Cross-program invocation reentrancy not allowed for this instruction",
        ["MaxSeedLengthExceeded"] = "Length of the seed is too long for address generation",
        ["InvalidSeeds"] = "Provided seeds do not result in a valid address",
        ["InvalidRealloc"] = "Failed to reallocate account data",
        ["ComputationalBudgetExceeded"] = "Computational budget exceeded",
        ["PrivilegeEscalation"] = "Cross-program invocation with unauthorized signer or writable account",
        ["ProgramFailedToComplete"] = "Program failed to complete",
        ["AccountNotRentExempt"] = "An account does not have enough lamports to be rent-exempt",
        ["InvalidAccountOwner"] = "Invalid account owner",
        ["ArithmeticOverflow"] = "Program arithmetic overflowed",
        ["IllegalOwner"] = "Provided owner is not allowed",
        ["Immutable"] = "Account is immutable",
        ["IncorrectAuthority"] = "Incorrect authority provided",
    };

    public static string Describe(InstructionError error) =>
        error.Code is { } code ? $"custom program error: 0x{code:x}" : Texts.GetValueOrDefault(error.Name, error.Name);
}
