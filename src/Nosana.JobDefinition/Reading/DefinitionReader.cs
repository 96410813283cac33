namespace Nosana.JobDefinition.Reading;

/// <summary>Reads and validates definitions. Never throws for what a document says: every fault is listed with its place.</summary>
public static class DefinitionReader
{
    /// <summary>Reads a JSON document (UTF-8, with or without BOM; of a key that stands twice the last value counts).</summary>
    /// <param name="utf8Json">The document; the result keeps it.</param>
    /// <param name="mode">Whose verdict.</param>
    public static DefinitionResult Read(ReadOnlyMemory<byte> utf8Json, ValidationMode mode = ValidationMode.Union) => throw new NotImplementedException();

    /// <summary>Reads a YAML 1.2 document (core schema), as the official client converts it before posting.</summary>
    /// <param name="utf8Yaml">The document.</param>
    /// <param name="mode">Whose verdict.</param>
    public static DefinitionResult ReadYaml(ReadOnlyMemory<byte> utf8Yaml, ValidationMode mode = ValidationMode.Union) => throw new NotImplementedException();

    /// <summary>Reads by the name's extension: <c>.yaml</c> and <c>.yml</c> as YAML, everything else as JSON.</summary>
    public static DefinitionResult ReadFile(string fileName, ReadOnlyMemory<byte> content, ValidationMode mode = ValidationMode.Union) =>
        fileName.EndsWith(".yaml", StringComparison.OrdinalIgnoreCase) || fileName.EndsWith(".yml", StringComparison.OrdinalIgnoreCase)
            ? ReadYaml(content, mode)
            : Read(content, mode);
}
