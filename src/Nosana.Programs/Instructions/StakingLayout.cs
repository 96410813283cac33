using static Nosana.Programs.Instructions.ArgumentType;

namespace Nosana.Programs.Instructions;

/// <summary>The instructions of the staking program (specification, section 3.2).</summary>
public static class StakingLayout
{
    public static readonly InstructionLayout Init = new("init", ["settings:w", "authority:ws", "system_program", "rent"]);

    // The duration is a u128 here and a u64 in extend.
    public static readonly InstructionLayout Stake = new("stake",
        ["mint", "user:w", "vault:w", "stake:w", "authority:ws", "system_program", "token_program", "rent"],
        new("amount", U64), new("duration", U128));

    public static readonly InstructionLayout Unstake = new("unstake", ["stake:w", "reward", "authority:s"]);

    public static readonly InstructionLayout Restake = new("restake", ["vault:w", "stake:w", "authority:s"]);

    public static readonly InstructionLayout Topup =
        new("topup", ["user:w", "vault:w", "stake:w", "authority:s", "token_program"], new ArgumentLayout("amount", U64));

    public static readonly InstructionLayout Extend = new("extend", ["stake:w", "authority:s"], new ArgumentLayout("duration", U64));

    public static readonly InstructionLayout Withdraw = new("withdraw", ["user:w", "vault:w", "stake:w", "authority:ws", "token_program"]);

    public static readonly InstructionLayout Close = new("close", ["user:w", "stake:w", "vault:w", "authority:ws", "token_program"]);

    public static readonly InstructionLayout Slash = new("slash",
        ["vault:w", "stake:w", "token_account:w", "settings", "authority:s", "token_program"], new ArgumentLayout("amount", U64));

    public static readonly InstructionLayout UpdateSettings = new("update_settings", ["new_authority", "token_account", "settings:w", "authority:s"]);

    public static readonly ProgramLayout Program = new("staking", Init, Stake, Unstake, Restake, Topup, Extend, Withdraw, Close, Slash, UpdateSettings);
}
