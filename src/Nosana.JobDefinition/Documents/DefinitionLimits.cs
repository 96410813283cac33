namespace Nosana.JobDefinition.Documents;

/// <summary>What a document may at most be. A poster is a stranger.</summary>
public static class DefinitionLimits
{
    /// <summary>Bytes of a document, JSON or YAML: 1 MiB.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Nesting of objects and lists.</summary>
    public const int MaxDepth = 64;

    /// <summary>Faults that are listed one by one; a last one says how many more there are.</summary>
    public const int MaxFaults = 1000;

    /// <summary>Characters of the faults that are listed one by one; the last one may go beyond.</summary>
    public const int MaxFaultText = 1024 * 1024;

    /// <summary>Operations of a definition; the largest that official clients publish has a few dozen.</summary>
    public const int MaxOperations = 256;

    /// <summary>
    /// Containers of one group, which all may run side by side. More are refused and not queued: those of a group wait for each other, and the ones
    /// that run would wait for ever for the ones that are queued.
    /// </summary>
    public const int MaxSideBySide = 64;

    /// <summary>Ports that all operations of a definition may expose together, ranges counted one by one, also those that placeholders stand for.</summary>
    public const int MaxExposedPorts = 1000;

    /// <summary>Characters that literals may put into the arguments of one operation. No command line or environment takes as much.</summary>
    public const int MaxLiteralText = 4 * 1024 * 1024;

    /// <summary>Values a YAML document may expand to through aliases.</summary>
    public const int MaxYamlNodes = 200_000;
}
