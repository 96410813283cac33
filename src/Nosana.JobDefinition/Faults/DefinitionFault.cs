namespace Nosana.JobDefinition.Faults;

/// <summary>One thing that is wrong (or doubtful) and where.</summary>
/// <param name="Path">
/// Place in the official notation: <c>$input.ops[0].args["private"]</c>; <c>$input</c> with line and column in the message when the text
/// itself is malformed.
/// </param>
/// <param name="Expected">What is allowed there, as the official validator words it (<c>undefined</c> for a key that must go).</param>
/// <param name="Found">The value found, shortened JSON; null when the key is absent.</param>
/// <param name="Message">One sentence for people: what is allowed, and for a misspelt key the nearest known one.</param>
public sealed record DefinitionFault(string Path, string Expected, string? Found, string Message)
{
    /// <summary>A fault of the document as a whole: it cannot be had, or is not what it should be.</summary>
    public static DefinitionFault OfDocument(string expected, string message) => new(JsonPath.Root, expected, null, message);

    /// <summary><c>PATH: MESSAGE</c>.</summary>
    public override string ToString() => $"{Path}: {Message}";
}

/// <summary>Arguments that cannot be resolved: a literal without a value, or a value that does not fit its place.</summary>
/// <param name="path">Place in the definition.</param>
/// <param name="message">What and why.</param>
public sealed class PlaceholderException(string path, string message) : Exception(message)
{
    /// <summary>Place in the definition, such as <c>$input.ops[0].args.cmd[1]</c>.</summary>
    public string Path { get; } = path;
}
