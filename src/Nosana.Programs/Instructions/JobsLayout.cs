using static Nosana.Programs.Instructions.ArgumentType;

namespace Nosana.Programs.Instructions;

/// <summary>The 19 instructions of the jobs program (specification, section 3.1). Account names are those of the program's error logs.</summary>
public static class JobsLayout
{
    public static readonly InstructionLayout Open = new("open",
        ["mint", "market:ws", "vault:w", "authority:ws", "access_key", "rent", "system_program", "token_program"],
        new("job_expiration", I64), new("job_price", U64), new("job_timeout", I64), new("job_type", U8), new("node_xnos_minimum", U128));

    // job_timeout stands last here, third in open; and the minimum of xNOS goes by another name.
    public static readonly InstructionLayout Update = new("update",
        ["market:w", "access_key", "authority:s"],
        new("job_expiration", I64), new("job_price", U64), new("job_type", U8), new("node_stake_minimum", U128), new("job_timeout", I64));

    public static readonly InstructionLayout Close = new("close", ["market:w", "vault:w", "user:w", "authority:s", "token_program"]);

    public static readonly InstructionLayout CloseAdmin = new("close_admin", ["market:w", "vault:w", "user:w", "authority:s", "token_program"]);

    public static readonly InstructionLayout Assign = new("assign",
        ["job:ws", "market:w", "run:ws", "node", "user:w", "vault:w", "payer:ws", "rewards_reflection:w", "rewards_vault:w", "authority:s", "rewards_program",
            "token_program", "system_program"],
        new("ipfs_job", Bytes32), new("timeout", I64));

    public static readonly InstructionLayout List = new("list",
        ["job:ws", "market:w", "run:ws", "user:w", "vault:w", "payer:ws", "rewards_reflection:w", "rewards_vault:w", "authority:s", "rewards_program",
            "token_program", "system_program"],
        new("ipfs_job", Bytes32), new("timeout", I64));

    public static readonly InstructionLayout Delist = new("delist", ["job:w", "market:w", "deposit:w", "payer:w", "vault:w", "token_program", "authority:ws"]);

    public static readonly InstructionLayout Recover = new("recover", ["job:w", "market", "vault:w", "user:w", "payer:w", "authority:s", "token_program"]);

    public static readonly InstructionLayout Extend = new("extend",
        ["job:w", "market", "user:w", "vault:w", "rewards_reflection:w", "rewards_vault:w", "authority:s", "payer:s", "rewards_program", "token_program"],
        new ArgumentLayout("timeout", I64));

    public static readonly InstructionLayout End =
        new("end", ["job:w", "market", "run:w", "deposit:w", "user:w", "vault:w", "payer:w", "authority:ws", "token_program"]);

    public static readonly InstructionLayout Work =
        new("work", ["run:ws", "market:w", "payer:ws", "stake", "nft", "metadata", "authority:s", "system_program"]);

    public static readonly InstructionLayout Stop = new("stop", ["market:w", "node", "authority:s"]);

    public static readonly InstructionLayout Claim =
        new("claim", ["job:w", "run:ws", "market", "stake", "nft", "metadata", "payer:ws", "authority:s", "system_program"]);

    public static readonly InstructionLayout Complete = new("complete", ["job:w", "authority:s"], new ArgumentLayout("ipfs_result", Bytes32));

    // payer_run before payer_job, ten accounts: interface files that list eleven are out of date.
    public static readonly InstructionLayout Finish = new("finish",
        ["job:w", "run:w", "market", "vault:w", "deposit:w", "user:w", "payer_run:w", "payer_job:w", "authority:s", "token_program"],
        new ArgumentLayout("ipfs_result", Bytes32));

    public static readonly InstructionLayout Quit = new("quit", ["job:w", "run:w", "payer:w", "authority:s"]);

    public static readonly InstructionLayout QuitAdmin = new("quit_admin", ["run:w", "payer:w", "authority:s"]);

    public static readonly InstructionLayout Clean = new("clean", ["job:w", "market", "payer:w"]);

    public static readonly InstructionLayout CleanAdmin = new("clean_admin", ["job:w", "payer:w", "authority:s"]);

    public static readonly ProgramLayout Program = new("jobs",
        Open, Update, Close, CloseAdmin, Assign, List, Delist, Recover, Extend, End, Work, Stop, Claim, Complete, Finish, Quit, QuitAdmin, Clean, CleanAdmin);
}
