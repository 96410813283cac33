using static Nosana.Programs.Instructions.ArgumentType;

namespace Nosana.Programs.Instructions;

/// <summary>The instructions of the rewards program (specification, section 3.3).</summary>
public static class RewardsLayout
{
    public static readonly InstructionLayout Init = new("init", ["mint", "reflection:w", "vault:w", "authority:ws", "system_program", "token_program", "rent"]);

    public static readonly InstructionLayout Enter = new("enter", ["reflection:w", "stake", "reward:w", "authority:ws", "system_program"]);

    public static readonly InstructionLayout AddFee =
        new("add_fee", ["user:w", "reflection:w", "vault:w", "authority:s", "token_program"], new ArgumentLayout("amount", U64));

    public static readonly InstructionLayout Claim = new("claim", ["user:w", "vault:w", "reflection:w", "reward:w", "stake", "authority:ws", "token_program"]);

    public static readonly InstructionLayout Sync = new("sync", ["reward:w", "stake", "reflection:w"]);

    public static readonly InstructionLayout Close = new("close", ["reflection:w", "reward:w", "authority:ws"]);

    public static readonly ProgramLayout Program = new("rewards", Init, Enter, AddFee, Claim, Sync, Close);
}
