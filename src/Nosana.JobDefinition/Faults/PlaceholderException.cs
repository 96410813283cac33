namespace Nosana.JobDefinition.Faults;

/// <summary>Arguments that cannot be resolved: a literal without a value, or a value that does not fit its place.</summary>
/// <param name="path">Place in the definition.</param>
/// <param name="message">What and why.</param>
public sealed class PlaceholderException(string path, string message) : Exception(message)
{
    /// <summary>Place in the definition, such as <c>$input.ops[0].args.cmd[1]</c>.</summary>
    public string Path { get; } = path;
}
