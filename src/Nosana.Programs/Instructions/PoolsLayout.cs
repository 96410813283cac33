using static Nosana.Programs.Instructions.ArgumentType;

namespace Nosana.Programs.Instructions;

/// <summary>The instructions of the pools program (specification, section 3.5; account lists as in version 2.2.9 of the programs).</summary>
public static class PoolsLayout
{
    public static readonly InstructionLayout Open = new("open",
        ["pool:ws", "vault:w", "beneficiary", "authority:ws", "mint", "system_program", "token_program", "rent"],
        new("emission", U64), new("start_time", I64), new("claim_type", U8), new("closeable", Bool));

    public static readonly InstructionLayout ClaimFee = new("claim_fee",
        ["vault:w", "rewards_reflection:w", "rewards_vault:w", "pool:w", "authority:ws", "token_program", "rewards_program"]);

    public static readonly InstructionLayout ClaimTransfer = new("claim_transfer", ["vault:w", "beneficiary:w", "pool:w", "authority:ws", "token_program"]);

    public static readonly InstructionLayout Close = new("close", ["vault:w", "user:w", "pool:w", "authority:ws", "token_program"]);

    public static readonly InstructionLayout UpdateBeneficiary =
        new("update_beneficiary", ["beneficiary", "new_beneficiary", "pool:w", "authority:ws", "token_program"]);

    public static readonly ProgramLayout Program = new("pools", Open, ClaimFee, ClaimTransfer, Close, UpdateBeneficiary);
}
