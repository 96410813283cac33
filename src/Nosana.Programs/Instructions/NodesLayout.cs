using static Nosana.Programs.Instructions.ArgumentType;

namespace Nosana.Programs.Instructions;

/// <summary>The instructions of the nodes program (specification, section 3.4).</summary>
public static class NodesLayout
{
    private static readonly ArgumentLayout[] s_registration =
    [
        new("architecture", U8), new("country", U16), new("cpu", U16), new("gpu", U16), new("memory", U16), new("iops", U16), new("storage", U16),
        new("endpoint", Text), new("icon", Text), new("version", Text),
    ];

    public static readonly InstructionLayout Register = new("register", ["node:w", "payer:ws", "authority:s", "system_program"], s_registration);

    public static readonly InstructionLayout Update = new("update", ["node:w", "authority:s"], s_registration);

    public static readonly InstructionLayout Audit = new("audit", ["node:w", "authority:s"], new ArgumentLayout("audited", Bool));

    public static readonly ProgramLayout Program = new("nodes", Register, Update, Audit);
}
